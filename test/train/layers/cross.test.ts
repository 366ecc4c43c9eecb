import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import type { CrossLayer } from '../../../src/train/layers/cross.ts'
import { crossFull } from '../../../src/train/layers/cross-full.ts'
import { crossLowRank } from '../../../src/train/layers/cross-low-rank.ts'
import { crossMixture } from '../../../src/train/layers/cross-mixture.ts'
import { crossVector } from '../../../src/train/layers/cross-vector.ts'
import { expectPublished } from './reference.ts'

/** The layer with these tensors as its parameters, by the ends of their names. */
function apply(tf: Tf, layer: CrossLayer, x0: Tensor, x: Tensor, of: (name: string) => Tensor): Tensor {
  return layer.apply({ tf, parameter: (path) => of(path.replace('layer/', '')) }, 'layer', x0, x)
}

/** The layer's fresh parameters, or what `fill` makes of their shapes. */
function parametersOf(tf: Tf, layer: CrossLayer, width: number, fill?: (shape: number[]) => Tensor) {
  const tensors = new Map(
    layer.parameters('layer', width).map(({ name, shape, init }) => {
      const fresh = () => tf.tensor(init(createRandom(0, 0, name)), [...shape])
      return [name.replace('layer/', ''), fill?.([...shape]) ?? fresh()]
    }),
  )
  return (name: string) => tensors.get(name) ?? tf.scalar(Number.NaN)
}

/** Rows of x₀ and x, and numbers for a vector or a matrix. */
const WIDTH = 4
// No negative zeros, which adding zero turns positive.
const number = fc.float({ min: -2, max: 2, noNaN: true }).map((value) => value + 0)
const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length })
const row = numbers(WIDTH)

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  test('the layers compute what PyTorch does, gradients too', async () => {
    const tf = await (await createEngine(engine)).load()
    const published = (
      name: string,
      layer: CrossLayer,
      rename: Record<string, (of: (name: string) => Tensor) => Tensor>,
    ) =>
      expectPublished(tf, name, (of) => apply(tf, layer, of('x0'), of('x'), (part) => rename[part]?.(of) ?? of(part)))

    published('cross.full', crossFull, { kernel: (of) => of('W'), bias: (of) => of('b') })
    published('cross.vector', crossVector, { kernel: (of) => tf.reshape(of('w'), [6, 1]), bias: (of) => of('b') })
    published('cross.lowRank', crossLowRank(2), { v: (of) => of('V'), u: (of) => of('U'), bias: (of) => of('b') })
    published('cross.mixture', crossMixture(3, 2), {
      v: (of) => tf.reshape(tf.transpose(of('V'), [1, 0, 2]), [6, 6]),
      c: (of) => of('C'),
      u: (of) => tf.reshape(of('U'), [6, 6]),
      bias: (of) => of('b'),
    })
  })
})

describe('cross layers', () => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine('cpu')).load()
  })

  test('of ones give the published example, whole and of rank one', () => {
    const [x0, x] = [tf.tensor2d([[0.1, 0.2, 0.3]]), tf.tensor2d([[0.4, 0.5, 0.6]])]
    const ones = (layer: CrossLayer) =>
      parametersOf(tf, layer, 3, (shape) => (shape.length > 1 ? tf.ones(shape) : tf.zeros(shape)))
    for (const layer of [crossFull, crossLowRank(1), crossVector]) {
      const [first, second, third] = apply(tf, layer, x0, x, ones(layer)).dataSync()
      expect(first).toBeCloseTo(0.55, 6)
      expect(second).toBeCloseTo(0.8, 6)
      expect(third).toBeCloseTo(1.05, 6)
    }
  })

  test.each([
    ['vector', crossVector],
    ['full', crossFull],
    ['low-rank', crossLowRank(2)],
    ['mixture', crossMixture(3, 2)],
  ])('with weights of zero, the %s layer lets x through', (_name, layer) => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        const zeros = parametersOf(tf, layer, WIDTH, (shape) => tf.zeros(shape))
        const x = tf.tensor2d([b])
        expect(apply(tf, layer, tf.tensor2d([a]), x, zeros).dataSync()).toEqual(x.dataSync())
      }),
      { numRuns: 20 },
    )
  })

  test('whose matrix has w for each column are those of DCN', () => {
    fc.assert(
      fc.property(row, row, row, (a, b, w) => {
        const [x0, x, vector] = [tf.tensor2d([a]), tf.tensor2d([b]), tf.tensor2d(w, [WIDTH, 1])]
        const whole = apply(tf, crossFull, x0, x, (name) =>
          name === 'kernel' ? tf.tile(vector, [1, WIDTH]) : tf.zeros([WIDTH]),
        )
        const simple = apply(tf, crossVector, x0, x, (name) => (name === 'kernel' ? vector : tf.zeros([WIDTH])))
        expectEqual(whole, simple)
      }),
      { numRuns: 30 },
    )
  })

  test('of low rank are whole ones with the product for a matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), row, row, row, (rank, a, b, bias) => {
        const [x0, x] = [tf.tensor2d([a]), tf.tensor2d([b])]
        const layer = crossLowRank(rank)
        const of = parametersOf(tf, layer, WIDTH)
        const low = apply(tf, layer, x0, x, (name) => (name === 'bias' ? tf.tensor1d(bias) : of(name)))
        const whole = apply(tf, crossFull, x0, x, (name) =>
          name === 'bias' ? tf.tensor1d(bias) : tf.matMul(of('v'), of('u')),
        )
        expectEqual(low, whole)
      }),
      { numRuns: 30 },
    )
  })

  test('as a mixture do not depend on the order of the experts', () => {
    fc.assert(
      fc.property(row, row, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (a, b, order) => {
        const layer = crossMixture(3, 2)
        const of = parametersOf(tf, layer, WIDTH)
        const indices = tf.tensor1d(order, 'int32')
        const shuffled: Record<string, Tensor> = {
          v: tf.reshape(tf.gather(tf.reshape(of('v'), [WIDTH, 3, 2]), indices, 1), [WIDTH, 6]),
          c: tf.gather(of('c'), indices),
          u: tf.reshape(tf.gather(tf.reshape(of('u'), [3, 2, WIDTH]), indices), [6, WIDTH]),
          bias: tf.gather(of('bias'), indices),
          gate: tf.gather(of('gate'), indices, 1),
        }
        const [x0, x] = [tf.tensor2d([a]), tf.tensor2d([b])]
        expectEqual(
          apply(tf, layer, x0, x, (name) => shuffled[name] ?? of(name)),
          apply(tf, layer, x0, x, of),
        )
      }),
      { numRuns: 20 },
    )
  })
})

function expectEqual(a: Tensor, b: Tensor): void {
  const values = b.dataSync()
  expect(a.shape).toEqual(b.shape)
  a.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(values[i] ?? Number.NaN, 4)
  })
}
