import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adagrad } from '../../../src/train/optimizers/adagrad.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { ftrl } from '../../../src/train/optimizers/ftrl.ts'
import { groupAdam } from '../../../src/train/optimizers/group-adam.ts'
import { groupFtrl } from '../../../src/train/optimizers/group-ftrl.ts'
import { sparseGroupFtrl } from '../../../src/train/optimizers/sparse-group-ftrl.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import reference from '../../fixtures/train/optimizers.json' with { type: 'json' }
import { thrownBy } from '../../helpers/errors.ts'
import { descend } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** A table after each step. */
function walkTable(optimizer: Transformation, start: number[][], gradients: readonly number[][][]): number[][] {
  const { path } = descend(tf, optimizer, [start], (_, step) => [gradients[step] ?? start], gradients.length, [
    'embedding',
  ])
  return path.map(([table = []]) => table)
}

function expectClose(actual: readonly number[] | undefined, expected: readonly number[], digits = 7): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, digits)
}

describe('FTRL-Proximal', () => {
  test('takes the steps that the recursion takes in double precision', () => {
    const optimizer = ftrl({ learningRate: 0.1, beta: 1, l1: 1, l2: 1 })
    const { path } = descend(tf, optimizer, [[0]], (_, step) => [[[2, 2, -1][step] ?? 0]], 3)
    expectClose(path.flat(2), [-0.0322580645, -0.0831690255, -0.0587787816])
  })

  test('takes thirty steps of Keras', () => {
    const row = reference.optimizers.find(({ name }) => name === 'ftrl')
    const { w, b } = reference.params0
    const optimizer = ftrl({ learningRate: 0.1, beta: 0, initialAccumulator: 0.1, l1: 0.01, l2: 2 * 0.02 })
    const gradients = (_: unknown, step: number) => [reference.grads[step]?.w ?? w, reference.grads[step]?.b ?? b]
    const { path } = descend(tf, optimizer, [w, b], gradients, 30)
    expect(row?.params).toHaveLength(7)
    for (const { step, w, b } of row?.params ?? []) expectClose(path[step - 1]?.flat(), [...w.flat(), ...b], 5)
  })

  test('takes the single step of Keras', () => {
    const optimizer = ftrl({ learningRate: 0.5, beta: 0, initialAccumulator: 0.1 })
    const { path } = descend(tf, optimizer, [[1, 2, 3, 4]], () => [[1, 6, 7, 2]], 1)
    expectClose(path[0]?.[0], [0.2218, 1.3954, 2.3651, 2.8814], 4)
  })

  test('makes a weight exactly 0 while |z| is no more than λ₁, from wherever it comes', () => {
    const optimizer = ftrl({ learningRate: 0.1, l1: 1 })
    // z grows by 0.3 a step from 0: the fourth is above 1.
    const { path } = descend(tf, optimizer, [[0, 0]], () => [[0.3, -0.3]], 4)
    expect(path.slice(0, 3).flat(2)).toEqual([0, 0, 0, 0, 0, 0])
    expect(path[3]?.[0]?.[0]).toBeLessThan(0)
    expect(path[3]?.[0]?.[1]).toBeGreaterThan(0)
    const back = descend(tf, optimizer, [[0.7734375]], () => [[0.01]], 1)
    expect(back.path.flat(2)).toEqual([0])
  })

  test('is AdaGrad without penalties where it begins at 0', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 8 }), (hundredths) => {
        const walk = (optimizer: Transformation) =>
          descend(tf, optimizer, [[0]], (_, step) => [[(hundredths[step] ?? 0) / 100]], hundredths.length).path.flat(2)
        expectClose(walk(ftrl({ learningRate: 0.1 })), walk(adagrad({ learningRate: 0.1, epsilon: 1 })), 5)
      }),
      { numRuns: 30 },
    )
  })

  test('follows a schedule as AdaGrad does', () => {
    const learningRate = (step: number) => 0.5 / (step + 1)
    const walk = (optimizer: Transformation) => descend(tf, optimizer, [[0]], () => [[1]], 5).path.flat(2)
    expectClose(walk(ftrl({ learningRate })), walk(adagrad({ learningRate, epsilon: 1 })), 6)
  })

  test.each([
    ['learningRate', { learningRate: 0 }],
    ['initialAccumulator', { learningRate: 1, initialAccumulator: -1 }],
    ['beta', { learningRate: 1, beta: 0 }],
    ['l1', { learningRate: 1, l1: Number.NaN }],
    ['l2', { learningRate: 1, l2: -1 }],
  ])('refuses a bad %s', (name, config) => {
    const error = thrownBy(() => ftrl(config))
    expect(error.code).toBe('optimizer.invalid')
    expect(error.path).toBe(`ftrl.${name}`)
  })

  test('refuses a schedule that reaches 0', () => {
    const optimizer = ftrl({ learningRate: (step) => 1 - step })
    const error = thrownBy(() => descend(tf, optimizer, [[0]], () => [[1]], 2))
    expect(error.code).toBe('optimizer.invalid')
    expect(error.value).toBe(0)
  })
})

describe('group FTRL', () => {
  test('takes the steps that the recursion takes in double precision', () => {
    const optimizer = groupFtrl({ learningRate: 0.1, beta: 0.01, l21: 1 })
    const [first, second] = walkTable(optimizer, [[0, 0]], [[[1, 0.5]], [[1, 1]]])
    expect(first).toEqual([0, 0])
    expectClose(second, [-0.06099009, -0.05775286])
  })

  test('zeroes whole rows, and lets single weights be', () => {
    const gradients = Array.from({ length: 3 }, () => [
      [0.9, 0.02],
      [0.2, 0.2],
      [-0.5, 0],
    ])
    const table = walkTable(
      groupFtrl({ learningRate: 0.1, l21: 1 }),
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      gradients,
    ).at(-1)
    // ‖z‖ is 2.7, 0.85 and 1.5; the threshold √2. Of the last row one z is 0 itself.
    expect(table?.map((value) => value === 0)).toEqual([false, false, true, true, false, true])
  })

  test('with λ₁ thins out the rows that stay; with λ₂ makes them small', () => {
    const rows = [[0, 0]]
    const gradients = [[[3, 0.4]]]
    const walk = (l1: number, l2: number) =>
      walkTable(sparseGroupFtrl({ learningRate: 0.1, l1, l2, l21: 0.1 }), rows, gradients)[0] ?? []
    const u = Math.hypot(2.5, 0)
    expectClose(walk(0.5, 0), [(-2.5 * (1 - (0.1 * Math.SQRT2) / u)) / ((3 + 1) / 0.1), 0], 6)
    expect(walk(0.5, 0)[1]).toBe(0)
    expectClose(walk(0.5, 3), [(-2.5 * (1 - (0.1 * Math.SQRT2) / u)) / ((3 + 1) / 0.1 + 6), 0], 6)
  })

  test('is AdaGrad for all but tables', () => {
    const gradients = (_: unknown, step: number) => [[0.1 * step, -1], [[2, 0.01]]]
    const start = [[1, 2], [[3, 4]]]
    const options = { learningRate: 0.1, initialAccumulator: 0.5 }
    const grouped = descend(tf, sparseGroupFtrl({ ...options, beta: 2, l1: 1, l21: 1 }), start, gradients, 4)
    const plain = descend(tf, adagrad({ ...options, epsilon: 2 }), start, gradients, 4)
    expect(grouped.path).toEqual(plain.path)
  })
})

describe('Group Adam', () => {
  const row = fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 2, maxLength: 2 })
  const rows = fc.array(
    row.map((hundredths) => hundredths.map((n) => n / 100)),
    { minLength: 2, maxLength: 2 },
  )

  test('without penalties is Adam', () => {
    fc.assert(
      fc.property(rows, fc.array(rows, { minLength: 1, maxLength: 8 }), (start, gradients) => {
        const learningRate = (step: number) => 0.1 / (1 + step)
        const config = { learningRate, beta1: 0.8, beta2: 0.95 }
        const [group, plain] = [groupAdam(config), adam(config)].map((each) => walkTable(each, start, gradients))
        expectClose(group?.flat(), plain?.flat() ?? [], 4)
      }),
      { numRuns: 40 },
    )
  })

  test('makes rows exactly 0, and takes them up again', () => {
    const config = { learningRate: 0.1, beta1: 0, beta2: 0.5, l21: 3 }
    // m̂ = 1 and √ŝ = 1 in every step: z falls from 10 w by what each gradient adds.
    const path = walkTable(
      groupAdam(config),
      [[0.4], [-0.05]],
      Array.from({ length: 9 }, () => [[1], [1]]),
    )
    // z = 1 - 10 · 0.4 = -3, not more than 3: gone at once; z = t - 3, back at t = 7 with -(z - 3)/10.
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((t) => Math.min(0, -(t - 1 - 3 - 3) / 10))
    expect(path.slice(0, 5).map(([first]) => first)).toEqual([0, 0, 0, 0, 0])
    expectClose(
      path.map(([first = Number.NaN]) => first),
      expected,
      5,
    )
  })

  test('keeps rows that no gradient has reached', () => {
    const path = walkTable(
      groupAdam({ learningRate: 0.1 }),
      [
        [0.4, -0.3],
        [1, 2],
      ],
      Array.from({ length: 5 }, () => [
        [0, 0],
        [1, 1],
      ]),
    )
    expectClose(path.at(-1)?.slice(0, 2), [0.4, -0.3], 6)
  })

  test('is Adam for all but tables, whatever the penalties', () => {
    const gradients = (_: unknown, step: number) => [[0.1 * step, -1], [[2, 0.01]]]
    const start = [[1, 2], [[3, 4]]]
    const grouped = descend(tf, groupAdam({ learningRate: 0.1, l1: 1, l2: 1, l21: 1 }), start, gradients, 4)
    expect(grouped.path).toEqual(descend(tf, adam({ learningRate: 0.1 }), start, gradients, 4).path)
  })

  test.each(['l1', 'l2', 'l21', 'epsilon', 'beta1', 'learningRate'])('refuses a bad %s', (name) => {
    const error = thrownBy(() => groupAdam({ learningRate: 0.1, [name]: -1 }))
    expect(error.code).toBe('optimizer.invalid')
    expect(error.path).toBe(`groupAdam.${name}`)
  })
})

describe.each([
  ['ftrl', ftrl({ learningRate: 1 }), ftrl({ learningRate: 0.2 })],
  ['groupFtrl', groupFtrl({ learningRate: 1, l21: 1e-4 }), groupFtrl({ learningRate: 0.2, l21: 1e-6 })],
  ['sparseGroupFtrl', sparseGroupFtrl({ learningRate: 1, l1: 1e-4 }), sparseGroupFtrl({ learningRate: 0.2, l2: 1e-6 })],
  ['groupAdam', groupAdam({ learningRate: 0.2, l21: 1e-4 }), groupAdam({ learningRate: 0.1, l1: 1e-6 })],
] as const)('%s converges', (_name, forParabola, forRosenbrock) => {
  test('on a parabola', () => {
    const minimum = [1, -1, 2]
    const gradients = ([x = []]: number[][]) => [[x.map((value, i) => 2 * (value - (minimum[i] ?? 0)))]]
    const { path } = descend(tf, forParabola, [[[-1, 1, 0.5]]], gradients, 400, ['embedding'])
    expectClose(path.at(-1)?.flat(), minimum, 2)
  })

  test('on Rosenbrock, and leaves no tensors behind', () => {
    const before = tf.memory().numTensors
    const gradients = ([[x = 0, y = 0] = []]: number[][]) => [
      [[-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]],
    ]
    const { path } = descend(tf, forRosenbrock, [[[0, 0]]], gradients, 6000, ['embedding'])
    const [x = 0, y = 0] = path.at(-1)?.flat() ?? []
    expect(100 * (y - x * x) ** 2 + (1 - x) ** 2).toBeLessThan(2e-3)
    expect(tf.memory().numTensors).toBe(before)
  })
})
