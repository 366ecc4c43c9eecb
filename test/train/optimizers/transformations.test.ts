import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { applyGradients, startOptimizer } from '../../../src/train/optimizers/apply-gradients.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { scheduleFreeSgd } from '../../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { accumulateGradients } from '../../../src/train/optimizers/transformations/accumulate.ts'
import { clipAdaptively } from '../../../src/train/optimizers/transformations/adaptive-clip.ts'
import { averageWeights, polyakAverage } from '../../../src/train/optimizers/transformations/average-weights.ts'
import { clipByGlobalNorm, clipByNorm, clipByValue } from '../../../src/train/optimizers/transformations/clip.ts'
import { addL1 } from '../../../src/train/optimizers/transformations/l1.ts'
import { exampleNoise, scaleByNoise } from '../../../src/train/optimizers/transformations/noise.ts'
import { frozen, masked, partition } from '../../../src/train/optimizers/transformations/partition.ts'
import { scaleBy, scaleByParameter } from '../../../src/train/optimizers/transformations/scale.ts'
import { addDecayedWeights } from '../../../src/train/optimizers/transformations/weight-decay.ts'
import type { Role } from '../../../src/train/parameter.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { descend, numbersIn, type Values } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** What a transformation makes of gradients in its first step: for parameters of zeros, unless they are given. */
function transform(
  transformation: Transformation,
  gradients: readonly Values[],
  params: readonly Values[] = gradients.map((g) => zerosOf(g)),
  roles?: readonly Role[],
): number[][] {
  const { path } = descend(tf, transformation, params, () => gradients, 1, roles)
  return (path[0] ?? []).map((after, i) => after.map((value, j) => value - (flat(params[i] ?? 0)[j] ?? 0)))
}

const flat = (values: Values) => (typeof values === 'number' ? [values] : values.flat())
const zerosOf = (values: Values): Values =>
  typeof values === 'number' ? 0 : values.map((row) => (typeof row === 'number' ? 0 : asZeros(row)))
const asZeros = (row: readonly number[]): readonly number[] => row.map(() => 0)

function expectClose(actual: readonly number[][], expected: readonly (readonly number[])[]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  for (const [i, row] of expected.entries())
    for (const [j, value] of row.entries()) expect(actual[i]?.[j]).toBeCloseTo(value, 5)
}

const number = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 100)
const tensors = fc.array(fc.array(number, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
const limits = fc.integer({ min: 1, max: 500 }).map((n) => n / 100)

describe('clipping', () => {
  test('by value keeps what is within and cuts what is not', () => {
    fc.assert(
      fc.property(tensors, limits, (gradients, limit) => {
        const clipped = transform(clipByValue(limit), gradients)
        expectClose(
          clipped,
          gradients.map((g) => g.map((x) => Math.min(limit, Math.max(-limit, x)))),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('by norm shortens each gradient by itself, by global norm all of them alike; neither turns any', () => {
    fc.assert(
      fc.property(tensors, limits, (gradients, limit) => {
        const factor = (...all: number[]) => Math.min(1, limit / Math.hypot(...all))
        const scaled = (factors: readonly number[]) => gradients.map((g, i) => g.map((x) => x * (factors[i] ?? 1)))
        expectClose(transform(clipByNorm(limit), gradients), scaled(gradients.map((g) => factor(...g))))
        const together = transform(clipByGlobalNorm(limit), gradients)
        expectClose(together, scaled(gradients.map(() => factor(...gradients.flat()))))
        expect(Math.hypot(...together.flat())).toBeLessThanOrEqual(limit * (1 + 1e-5))
      }),
      { numRuns: 30 },
    )
  })

  test('adaptively compares the gradient of a unit with its weights', () => {
    const clip = clipAdaptively({ ratio: 0.1, epsilon: 0.001 })
    const matrix = (...rows: number[][]) => [rows]
    // Columns of norms 5 and 50 permit 0.5 and 5; the gradient's are 10 and 2.
    const [columns, columnwise] = [matrix([3, 30], [4, 40]), matrix([6, 1.2], [8, 1.6])]
    expectClose(transform(clip, columnwise, columns, ['kernel']), [[0.3, 1.2, 0.4, 1.6]])
    const [rows, rowwise] = [matrix([3, 4], [30, 40]), matrix([6, 8], [1.2, 1.6])]
    expectClose(transform(clip, rowwise, rows, ['embedding']), [[0.3, 0.4, 1.2, 1.6]])
    // A bias is one unit; weights of zero count as ε.
    expectClose(transform(clip, [[3, 4], 2], [[0, 5], 0]), [[0.3, 0.4], [0.0001]])
    expectClose(transform(clipAdaptively({ mask: () => false }), [[3, 4]]), [[3, 4]])
  })
})

describe('penalties', () => {
  const [params, gradients] = [
    [[[2, 0]], [2, 0], [[-3, 1]], [1]],
    [[[1, 1]], [1, 1], [[1, 1]], [1]],
  ]
  const roles = ['kernel', 'bias', 'embedding', 'scale'] as const

  test('are of kernels and embeddings, unless told otherwise', () => {
    expectClose(transform(addDecayedWeights(0.5), gradients, params, roles), [[2, 1], [1, 1], [-0.5, 1.5], [1]])
    expectClose(transform(addL1(0.5), gradients, params, roles), [[1.5, 1], [1, 1], [0.5, 1.5], [1]])
    const mask = ({ name }: { name: string }) => name === 'p1'
    expectClose(transform(addDecayedWeights(0.5, mask), gradients, params, roles), [[1, 1], [2, 1], [1, 1], [1]])
    expectClose(transform(addL1(0.5, mask), gradients, params, roles), [[1, 1], [1.5, 1], [1, 1], [1]])
  })

  test('may follow a schedule', () => {
    const optimizer = chain(
      addDecayedWeights((step) => (step === 1 ? 0.5 : 0)),
      scaleBy(-1),
    )
    expect(descend(tf, optimizer, [[[2]]], () => [[[0]]], 3).path.flat(2)).toEqual([2, 1, 1])
  })
})

describe('accumulation', () => {
  const gradient = fc.array(number, { minLength: 2, maxLength: 2 })

  test('over k calls is one step with the mean', () => {
    fc.assert(
      fc.property(fc.array(gradient, { minLength: 2, maxLength: 9 }), fc.integer({ min: 1, max: 3 }), (all, k) => {
        const rounds = Math.floor(all.length / k)
        const means = Array.from({ length: rounds }, (_, round) =>
          [0, 1].map((i) => all.slice(round * k, round * k + k).reduce((sum, g) => sum + (g[i] ?? 0) / k, 0)),
        )
        const walk = (optimizer: Transformation, gradients: number[][]) =>
          descend(tf, optimizer, [[1, -1]], (_, step) => [gradients[step] ?? []], gradients.length).path
        const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
        const path = walk(accumulateGradients(k, optimizer), all)
        for (const [round, expected] of walk(optimizer, means).entries()) {
          expectClose(path[round * k + k - 1] ?? [], expected)
          // It stays until the next round is full.
          for (const params of path.slice(round * k + k - 1, round * k + 2 * k - 1))
            expect(params).toEqual(path[round * k + k - 1])
        }
      }),
      { numRuns: 30 },
    )
  })

  test('in between leaves the tensors of parameters and optimizer alone', () => {
    const optimizer = accumulateGradients(2, adam({ learningRate: 0.1 }))
    const start = startOptimizer(tf, optimizer, [tf.tensor1d([1])])
    const between = applyGradients(tf, optimizer, start, [tf.tensor1d([1])])
    expect(between.params[0]).toBe(start.params[0])
    const after = applyGradients(tf, optimizer, between, [tf.tensor1d([1])])
    expect(numbersIn(after.params)[0]?.[0]).toBeCloseTo(0.9, 5)
  })

  test('evaluates what the optimizer inside averages', () => {
    const optimizer = accumulateGradients(1, scheduleFreeSgd({ learningRate: (step) => 0.1 * (step + 1) }))
    expectClose(descend(tf, optimizer, [[0]], () => [[1]], 2).evaluated[1] ?? [], [[-0.26]])
  })
})

describe('averages of weights', () => {
  test('decay exponentially from the beginning, and do not change the training', () => {
    const optimizer = chain(sgd({ learningRate: 1 }), averageWeights(0.75))
    const { path, evaluated } = descend(tf, optimizer, [[8]], () => [[4]], 2)
    expect(path.flat(2)).toEqual([4, 0])
    expect(evaluated.flat(2)).toEqual([7, 5.25])
    const scheduled = chain(
      sgd({ learningRate: 1 }),
      averageWeights((step) => (step === 0 ? 0 : 0.5)),
    )
    expect(descend(tf, scheduled, [[8]], () => [[4]], 2).evaluated.flat(2)).toEqual([4, 2])
  })

  test("are Polyak's mean of the steps from the start on", () => {
    const walk = (start?: number) => {
      const optimizer = chain(sgd({ learningRate: 1 }), polyakAverage(start))
      return descend(tf, optimizer, [[0]], (_, step) => [[-(step + 1)]], 4).evaluated.flat(2)
    }
    // Steps to 1, 3, 6 and 10.
    for (const [i, mean] of [1, 2, 10 / 3, 5].entries()) expect(walk()[i]).toBeCloseTo(mean, 5)
    for (const [i, mean] of [1, 3, 4.5, 19 / 3].entries()) expect(walk(1)[i]).toBeCloseTo(mean, 5)
  })
})

describe('noise', () => {
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

  test('of examples is normal around 1', () => {
    const weights = [...exampleNoise(createRandom(5, 0, 'noise'), 20_000, 0.5)]
    expect(mean(weights)).toBeCloseTo(1, 1)
    expect(Math.abs(mean(weights) - 1)).toBeLessThan(4 * (0.5 / Math.sqrt(20_000)))
    expect(mean(weights.map((z) => (z - 1) ** 2))).toBeCloseTo(0.25, 2)
    expect([...exampleNoise(createRandom(5, 0, 'noise'), 3, 0)]).toEqual([1, 1, 1])
  })

  test('of updates is one factor a step, which follows from seed and step', () => {
    const walk = (seed: number) => descend(tf, scaleByNoise(seed, 0.5), [[0], [0]], () => [[1], [2]], 50).path
    const factors = walk(1).map(([first = []], i, path) => (first[0] ?? 0) - (path[i - 1]?.[0]?.[0] ?? 0))
    expect(walk(1)).toEqual(walk(1))
    expect(walk(1)).not.toEqual(walk(2))
    for (const [first = [], second = []] of walk(1)) expect(second[0]).toBeCloseTo(2 * (first[0] ?? 0), 4)
    expect(new Set(factors).size).toBe(50)
    expect(Math.abs(mean(factors) - 1)).toBeLessThan(4 * (0.5 / Math.sqrt(50)))
    expect(transform(scaleByNoise(1, 0), [[3]])).toEqual([[3]])
  })
})

describe('groups of parameters', () => {
  test('have learning rates of their own', () => {
    const optimizer = scaleByParameter(({ role }) => (role === 'embedding' ? 0.1 : 2))
    expectClose(transform(optimizer, [[[1]], [[1]]], undefined, ['embedding', 'kernel']), [[0.1], [2]])
  })

  test('have optimizers of their own, with their own norms and states', () => {
    const optimizer = partition(({ role }) => (role === 'bias' ? 'biases' : 'weights'), {
      weights: chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 })),
      biases: sgd({ learningRate: 0.5, momentum: 0.5 }),
    })
    const gradients = [[1, -5], [[3, 4]], 2, [[1, 1]]]
    const walk = (each: Transformation, places: readonly number[]) =>
      descend(
        tf,
        each,
        places.map((i) => zerosOf(gradients[i] ?? 0)),
        () => places.map((i) => gradients[i] ?? 0),
        3,
      ).path
    const [whole, weights, biases] = [
      walk(optimizer, [0, 1, 2, 3]),
      walk(chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 })), [1, 3]),
      walk(sgd({ learningRate: 0.5, momentum: 0.5 }), [0, 2]),
    ]
    expect(whole).toEqual(weights.map(([w0, w1], step) => [biases[step]?.[0], w0, biases[step]?.[1], w1]))
  })

  test('that are frozen keep their tensor', () => {
    const optimizer = partition(({ name }) => (name === '0' ? 'fixed' : 'free'), {
      fixed: frozen(),
      free: adam({ learningRate: 0.1 }),
    })
    const start = startOptimizer(tf, optimizer, [tf.tensor1d([1]), tf.tensor1d([1])])
    const after = applyGradients(tf, optimizer, start, [tf.tensor1d([Number.NaN]), tf.tensor1d([1])])
    expect(after.params[0]).toBe(start.params[0])
    expect(numbersIn(after.params)[1]?.[0]).toBeCloseTo(0.9, 5)
  })

  test('are averaged where their optimizer averages', () => {
    const optimizer = partition(({ role }): string => role, {
      kernel: chain(sgd({ learningRate: 1 }), averageWeights(0.5)),
      bias: sgd({ learningRate: 1 }),
    })
    const { path, evaluated } = descend(tf, optimizer, [[0], [[0]]], () => [[1], [[1]]], 1, ['bias', 'kernel'])
    expect([path[0], evaluated[0]]).toEqual([
      [[-1], [-1]],
      [[-1], [-0.5]],
    ])
  })

  test('without an optimizer are an error', () => {
    const optimizer = partition(({ role }): string => role, { kernel: frozen() })
    const error = thrownBy(() => startOptimizer(tf, optimizer, [tf.tensor1d([1])]))
    expect(error).toMatchObject({ code: 'optimizer.invalid', path: 'partition.0', value: 'bias' })
  })

  test('may be left out of a transformation', () => {
    const mask = ({ role }: { role: Role }) => role === 'kernel'
    expectClose(transform(masked(scaleBy(3), mask), [[1], [[1]]], undefined, ['bias', 'kernel']), [[1], [3]])
  })
})
