import type { Tensor } from '@tensorflow/tfjs-core'
import type { Engine } from '../../../src/study/engine.ts'
import { cotangentOf, type LayerCase } from './layer-case.ts'

/** A tensor's contents, row-major. */
export interface Contents {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: readonly number[]
}

/**
 * The output of a case under `output`, and the gradient of sum(output * cotangent) for each float input under its name;
 * the output alone where that is of integers or the case has no gradients.
 */
export type Computed = Readonly<Record<string, Contents>>

/** Computes a case on an engine and leaves nothing there. */
export async function compute(engine: Engine, layer: LayerCase): Promise<Computed> {
  const tf = await engine.load()
  const results = tf.tidy(() => {
    const { variables, forward } = layer.build(tf)
    const found: Record<string, Tensor> = { output: forward() }
    const { shape, size, dtype } = found.output ?? tf.scalar(0)
    if (!layer.gradients || dtype !== 'float32' || Object.keys(variables).length === 0) return found
    const cotangent = tf.tensor(cotangentOf(layer.name, size), shape)
    const gradients = tf.grads(forward)(Object.values(variables), cotangent)
    Object.keys(variables).forEach((name, i) => {
      found[name] = gradients[i] ?? tf.scalar(Number.NaN)
    })
    return found
  })
  const computed: Record<string, Contents> = {}
  for (const [name, tensor] of Object.entries(results)) computed[name] = await read(tensor)
  tf.dispose(results)
  return computed
}

export async function read(tensor: Tensor): Promise<Contents> {
  return { shape: tensor.shape, dtype: tensor.dtype, values: [...(await tensor.data())] }
}
