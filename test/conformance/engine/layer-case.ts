import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom, type Random } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import type { Draw } from './draw.ts'

type Draws = Readonly<Record<string, Draw>>
type TensorsOf<D extends Draws> = { readonly [Name in keyof D]: D[Name] extends Draw<infer T> ? T : never }

interface Options {
  /** False when there are none; the reason stands beside it. Default: of every float input. */
  readonly gradients?: false
  /** Relative error allowed. Default 1e-4. */
  readonly tolerance?: number
  /** True when finite differences say nothing: an input lies at a kink or is not finite. Default false. */
  readonly rough?: boolean
}

/** A case on one engine: its inputs as tensors there, and the function of them. */
export interface Built {
  /** The float inputs, for which gradients are taken. */
  readonly variables: Readonly<Record<string, Tensor>>
  forward(): Tensor
}

/** A function of tensors that must come out alike on every engine. */
export interface LayerCase {
  readonly name: string
  readonly gradients: boolean
  readonly tolerance: number
  readonly rough: boolean
  /** @param offset how far to move the float inputs along `directionOf` them */
  build(tf: Tf, offset?: number): Built
}

/**
 * A case from its inputs and the function.
 * @param apply `random` is a stream that begins anew with each call, for masks
 */
export function layer<D extends Draws>(
  name: string,
  draws: D,
  apply: (tf: Tf, inputs: TensorsOf<D>, random: Random) => Tensor,
  { gradients, tolerance = 1e-4, rough = false }: Options = {},
): LayerCase {
  return {
    name,
    gradients: gradients !== false,
    tolerance,
    rough,
    build(tf, offset = 0) {
      const inputs: Record<string, Tensor> = {}
      const variables: Record<string, Tensor> = {}
      for (const [key, draw] of Object.entries(draws)) {
        let values = draw.values(streamOf(name, key))
        if (offset !== 0 && draw.dtype === 'float32') {
          const direction = directionOf(name, key, values.length)
          values = values.map((value, i) => value + offset * (direction[i] ?? 0))
        }
        const tensor = tf.tensor(values, [...draw.shape], draw.dtype)
        inputs[key] = tensor
        if (draw.dtype === 'float32') variables[key] = tensor
      }
      if (!areInputs(inputs, draws)) throw new Error('unreachable')
      return { variables, forward: () => apply(tf, inputs, streamOf(name, 'apply')) }
    },
  }
}

function areInputs<D extends Draws>(inputs: Record<string, Tensor>, draws: D): inputs is TensorsOf<D> & typeof inputs {
  return Object.entries(draws).every(([key, draw]) => inputs[key]?.rank === draw.shape.length)
}

/** The direction along which finite differences are taken. */
export function directionOf(name: string, key: string, size: number): Float32Array {
  return Float32Array.from({ length: size }, streamOf(name, `${key}/direction`).normal)
}

/** What the output is multiplied with before it is summed up and differentiated. */
export function cotangentOf(name: string, size: number): Float32Array {
  return Float32Array.from({ length: size }, streamOf(name, 'cotangent').normal)
}

function streamOf(name: string, purpose: string): Random {
  return createRandom(0, 0, `conformance/${name}/${purpose}`)
}
