import type { Tensor } from '@tensorflow/tfjs-core'
import type { Engine, Tf } from '../../../src/study/engine.ts'
import reference from '../../fixtures/engine/layers.json' with { type: 'json' }
import type { Computed, Contents } from './compute.ts'
import { read } from './compute.ts'

type Nested = number | readonly Nested[]

/** A layer with values and gradients of PyTorch in float64. */
export interface PublishedLayer {
  readonly name: string
  readonly formula: string
  readonly expected: Computed
  compute(engine: Engine): Promise<Computed>
}

/** The formulas, each on its inputs by name. */
const formulas: Record<string, (tf: Tf, of: (name: string) => Tensor) => Tensor> = {
  'cross.full': (tf, of) => tf.add(tf.mul(of('x0'), tf.add(tf.matMul(of('x'), of('W')), of('b'))), of('x')),
  'cross.vector': (tf, of) =>
    tf.add(tf.add(tf.mul(of('x0'), tf.matMul(of('x'), tf.reshape(of('w'), [-1, 1]))), of('b')), of('x')),
  'cross.lowRank': (tf, of) =>
    tf.add(tf.mul(of('x0'), tf.add(tf.matMul(tf.matMul(of('x'), of('V')), of('U')), of('b'))), of('x')),
  'cross.mixture': (tf, of) => {
    const [V, C, U, b] = ['V', 'C', 'U', 'b'].map((name) => tf.unstack(of(name)))
    const gates = tf.split(tf.softmax(tf.matMul(of('x'), of('gate'))), V?.length ?? 0, 1)
    return gates.reduce<Tensor>((sum, gate, k) => {
      const inner = tf.tanh(tf.matMul(tf.tanh(tf.matMul(of('x'), at(V, k))), at(C, k)))
      const expert = tf.mul(of('x0'), tf.add(tf.matMul(inner, at(U, k)), at(b, k)))
      return tf.add(sum, tf.mul(gate, expert))
    }, of('x'))
  },
  ghostBatchNorm: (tf, of) =>
    tf.concat(
      tf.split(of('x'), 2).map((part) => {
        const { mean, variance } = tf.moments(part, 0, true)
        const scaled = tf.div(tf.sub(part, mean), tf.sqrt(tf.add(variance, 1e-3)))
        return tf.add(tf.mul(scaled, of('gamma')), of('beta'))
      }),
    ),
  fmSecondOrder: (tf, of) =>
    tf.mul(tf.sum(tf.sub(tf.square(tf.sum(of('v'), 1)), tf.sum(tf.square(of('v')), 1)), -1), 0.5),
  innerProducts: (tf, of) => {
    const [rows = 0, fields = 0] = of('v').shape
    const products = tf.reshape(tf.einsum('nfd,ngd->nfg', of('v'), of('v')), [rows, fields * fields])
    const upper = Array.from({ length: fields * fields }, (_, i) => i).filter(
      (i) => i % fields > Math.floor(i / fields),
    )
    return tf.gather(products, tf.tensor1d(upper, 'int32'), 1)
  },
}

export const published: readonly PublishedLayer[] = reference.cases.map(
  ({ name, formula, inputs, output, cotangent, grads }) => ({
    name,
    formula,
    expected: { output: contentsOf(output), ...contentsByName(grads) },
    async compute(engine) {
      const tf = await engine.load()
      const results = tf.tidy(() => {
        const names = Object.keys(inputs)
        const tensors = Object.values(contentsByName(inputs)).map((contents) => tensorOf(tf, contents))
        const forward = (...given: Tensor[]) => {
          const formula = formulas[name]
          if (!formula) throw new Error(`no formula for ${name}`)
          return formula(tf, (wanted) => at(given, names.indexOf(wanted)))
        }
        const gradients = tf.grads(forward)(tensors, tensorOf(tf, contentsOf(cotangent)))
        return { output: forward(...tensors), ...Object.fromEntries(names.map((key, i) => [key, at(gradients, i)])) }
      })
      const computed: Record<string, Contents> = {}
      for (const [key, tensor] of Object.entries(results)) computed[key] = await read(tensor)
      tf.dispose(results)
      return computed
    },
  }),
)

function tensorOf(tf: Tf, { values, shape }: Contents): Tensor {
  return tf.tensor(Float32Array.from(values), [...shape])
}

function contentsByName(named: Readonly<Record<string, Nested | undefined>>): Record<string, Contents> {
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, nested]) => (nested === undefined ? [] : [[name, contentsOf(nested)]])),
  )
}

function contentsOf(nested: Nested): Contents {
  const shape: number[] = []
  for (let level = nested; typeof level !== 'number'; level = level[0] ?? 0) shape.push(level.length)
  return { shape, dtype: 'float32', values: flat(nested) }
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat)
}

function at<T>(list: readonly T[] | undefined, index: number): T {
  const value = list?.[index]
  if (value === undefined) throw new Error(`nothing at ${index}`)
  return value
}
