import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { coAction, coActionOutputs, coActionWeights } from '../../../src/train/layers/co-action.ts'
import {
  compressedInteraction,
  compressedInteractionParameters,
} from '../../../src/train/layers/compressed-interaction.ts'
import { factorization } from '../../../src/train/layers/factorization.ts'
import { innerProducts } from '../../../src/train/layers/inner-products.ts'
import { interacting, interactingParameters } from '../../../src/train/layers/interacting.ts'
import { expectPublished } from './reference.ts'

/** Numbers and what stands at a place of them, for computing by definition. */
function draw(purpose: string, ...shape: number[]) {
  const random = createRandom(0, 0, purpose)
  const values = Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => random.normal())
  const at = (...place: number[]) =>
    values[place.reduce((index, i, axis) => index * (shape[axis] ?? 1) + i, 0)] ?? Number.NaN
  return { values, shape, at }
}

const sum = (count: number, term: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((total, each) => total + each, 0)

function expectValues(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(values[i], `number ${i}`).toBeCloseTo(value, 4)
  })
}

/** All tuples of indices below these lengths, the last index fastest. */
function places(...lengths: number[]): number[][] {
  return lengths.reduce<number[][]>(
    (before, length) => before.flatMap((place) => Array.from({ length }, (_, i) => [...place, i])),
    [[]],
  )
}

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine(engine)).load()
  })

  test('factorization and inner products are what PyTorch computes, gradients too', () => {
    expectPublished(tf, 'fmSecondOrder', (of) => factorization({ tf }, of('v')))
    expectPublished(tf, 'innerProducts', (of) => innerProducts({ tf }, of('v')))
  })

  test('compressed interaction is the weighted sum of the products of all pairs', () => {
    const [rows, width, fields, before, maps] = [2, 3, 4, 2, 5]
    const [x0, x, w] = [
      draw('x0', rows * width, fields),
      draw('x', rows * width, before),
      draw('w', before * fields, maps),
    ]
    expect(compressedInteractionParameters('c', before, fields, maps)[0]?.shape).toEqual(w.shape)
    const y = compressedInteraction(
      { tf, parameter: () => tf.tensor(w.values, w.shape) },
      'c',
      tf.tensor(x0.values, x0.shape),
      tf.tensor(x.values, x.shape),
    )
    const expected = places(rows * width, maps).map(([place = 0, h = 0]) =>
      sum(before, (i) => sum(fields, (j) => w.at(i * fields + j, h) * x.at(place, i) * x0.at(place, j))),
    )
    expectValues(y.dataSync(), expected)
  })

  test.each([true, false])('interacting fields attend to each other, residual %s', (residual) => {
    const [rows, fields, inputs, heads, headWidth] = [2, 3, 4, 2, 3]
    const config = { heads, headWidth, residual }
    const x = draw('x', rows, fields, inputs)
    const names = interactingParameters('i', inputs, config).map(({ name }) => name)
    expect(names).toEqual(['i/query', 'i/key', 'i/value', ...(residual ? ['i/residual'] : [])])
    const kernels = Object.fromEntries(names.map((name) => [name, draw(name, inputs, heads * headWidth)]))
    const y = interacting(
      { tf, parameter: (name) => tf.tensor(kernels[name]?.values ?? [], [inputs, heads * headWidth]) },
      'i',
      tf.tensor3d(x.values, [rows, fields, inputs]),
      config,
    )
    const project = (name: string, row: number, field: number, unit: number) =>
      sum(inputs, (i) => x.at(row, field, i) * (kernels[`i/${name}`]?.at(i, unit) ?? 0))
    const expected = places(rows, fields, heads, headWidth).map(([row = 0, field = 0, head = 0, unit = 0]) => {
      const scores = Array.from({ length: fields }, (_, other) =>
        Math.exp(
          sum(headWidth, (i) => {
            const at = head * headWidth + i
            return project('query', row, field, at) * project('key', row, other, at)
          }),
        ),
      )
      const total = scores.reduce((a, b) => a + b, 0)
      const at = head * headWidth + unit
      const attended = sum(fields, (other) => ((scores[other] ?? 0) / total) * project('value', row, other, at))
      return Math.max(0, attended + project('residual', row, field, at))
    })
    expectValues(y.dataSync(), expected)
  })

  test('co-action applies the network of each field to the powers of all fields', () => {
    const [rows, fields] = [2, 3]
    const config = { feed: 3, units: [2, 4], orders: 2 }
    expect(coActionWeights(config)).toBe(3 * 2 + 2 * 4)
    expect(coActionOutputs(config)).toBe(2 * (2 + 4))
    const weights = draw('weights', rows, fields, coActionWeights(config))
    const feeds = draw('feeds', rows, fields, config.feed)
    const y = coAction({ tf }, tf.tensor(weights.values, weights.shape), tf.tensor(feeds.values, feeds.shape), config)
    const first = (row: number, field: number, fed: number, power: number, unit: number) =>
      sum(3, (i) => feeds.at(row, fed, i) ** power * weights.at(row, field, i * 2 + unit))
    const second = (row: number, field: number, fed: number, power: number, unit: number) =>
      sum(2, (i) => Math.tanh(first(row, field, fed, power, i)) * weights.at(row, field, 6 + i * 4 + unit))
    const expected = places(rows, fields, config.orders, 6).map(([row = 0, field = 0, order = 0, unit = 0]) =>
      sum(fields, (fed) =>
        unit < 2 ? first(row, field, fed, order + 1, unit) : second(row, field, fed, order + 1, unit - 2),
      ),
    )
    expect(y.shape).toEqual([rows, fields * coActionOutputs(config)])
    expectValues(y.dataSync(), expected)
  })

  test('the factorization does not depend on the order of the vectors, and is the sum of their inner products', () => {
    const vectors = tf.tensor3d(draw('v', 4, 5, 3).values, [4, 5, 3])
    const shuffled = tf.gather(vectors, tf.tensor1d([3, 0, 4, 1, 2], 'int32'), 1)
    const expected = [...factorization({ tf }, vectors).dataSync()]
    expectValues(factorization({ tf }, shuffled).dataSync(), expected)
    expectValues(tf.sum(innerProducts({ tf }, vectors), 1).dataSync(), expected)
  })
})
