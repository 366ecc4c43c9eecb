import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adagrad } from '../../../src/train/optimizers/adagrad.ts'
import { lamb } from '../../../src/train/optimizers/lamb.ts'
import { larc } from '../../../src/train/optimizers/larc.ts'
import { lars } from '../../../src/train/optimizers/lars.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import { rmsprop } from '../../../src/train/optimizers/rmsprop.ts'
import { scheduleFreeAdamW } from '../../../src/train/optimizers/schedule-free-adamw.ts'
import { scheduleFreeSgd } from '../../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { descend } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** One number after each step. */
function walk(optimizer: Transformation, start: number, gradients: readonly number[]): number[] {
  const { path } = descend(tf, optimizer, [[start]], (_, step) => [[gradients[step] ?? 0]], gradients.length)
  return path.flat(2)
}

function expectClose(
  actual: readonly (number | undefined)[] | undefined,
  expected: readonly number[],
  digits = 6,
): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, digits)
}

describe('a single step of Keras', () => {
  // Its own documentation tests, with rates of 0.5.
  test.each([
    ['Adagrad', adagrad({ learningRate: 0.5, initialAccumulator: 0.1 }), [0.5233, 1.5007, 2.5005, 3.5061]],
    ['RMSprop', rmsprop({ learningRate: 0.5, decay: 0.9, epsilon: 1e-7 }), [-0.5811, 0.4189, 1.4189, 2.4189]],
    ['LAMB', lamb({ learningRate: 0.5 }), [-0.3693, 0.6306, 1.6306, 2.6306]],
  ] as const)('of %s', (_name, optimizer, expected) => {
    const { path } = descend(tf, optimizer, [[1, 2, 3, 4]], () => [[1, 6, 7, 2]], 1)
    for (const [i, value] of expected.entries())
      expect(Math.abs((path[0]?.[0]?.[i] ?? Number.NaN) - value)).toBeLessThan(1.1e-4)
  })

  test('has ε inside of the root', () => {
    const epsilon = 0.5
    const options = { learningRate: 1, epsilon, epsilonInside: true }
    expectClose(walk(adagrad({ ...options, initialAccumulator: 0.1 }), 0, [2]), [-2 / Math.sqrt(4.1 + epsilon)])
    expectClose(walk(rmsprop({ ...options, decay: 0.9 }), 0, [2]), [-2 / Math.sqrt(0.4 + epsilon)])
    expectClose(walk(rmsprop({ ...options, decay: 0.9, epsilonInside: false }), 0, [2]), [
      -2 / (Math.sqrt(0.4) + epsilon),
    ])
  })
})

test('Schedule-Free AdamW has its points where the gradient is taken, where it steps, and where it is evaluated', () => {
  // By the recursion of the paper's authors, in double precision.
  const gradients = [1, 1, 0.5]
  const { path, evaluated, states } = descend(
    tf,
    scheduleFreeAdamW({ learningRate: 0.1 }),
    [[1]],
    (_, step) => [[gradients[step] ?? 0]],
    3,
  )
  expectClose(path.flat(2), [0.9, 0.845, 0.8069021387])
  expectClose(
    states.map(([base]) => base?.[0]),
    [0.9, 0.8, 0.7422553444],
  )
  expectClose(evaluated.flat(2), [0.9, 0.85, 0.8140851158])
})

test('Schedule-Free SGD averages by squared rates', () => {
  // z: 0 → -0.1 → -0.3; weights 0.01 and 0.04, so that x = 0.2 · -0.1 + 0.8 · -0.3, and y = 0.1 z + 0.9 x.
  const optimizer = scheduleFreeSgd({ learningRate: (step) => 0.1 * (step + 1) })
  const { path, evaluated } = descend(tf, optimizer, [[0]], () => [[1]], 2)
  expectClose(evaluated.flat(2), [-0.1, -0.26])
  expectClose(path.flat(2), [-0.1, 0.1 * -0.3 + 0.9 * -0.26])
})

describe('momentum', () => {
  test('inside and outside the learning rate differ by the rate at which each gradient came', () => {
    const learningRate = (step: number) => (step === 0 ? 1 : 0.1)
    // v = 1, 1.5: outside moves 1 and 0.1 · 1.5, inside 1 and 0.5 · 1 + 0.1.
    expectClose(walk(sgd({ learningRate, momentum: 0.5 }), 0, [1, 1]), [-1, -1.15])
    expectClose(walk(sgd({ learningRate, momentum: 0.5, rateInside: true }), 0, [1, 1]), [-1, -1.6])
  })

  test("inside with Nesterov's look ahead is that of Keras: v ← μ v - lr g, w ← w + μ v - lr g", () => {
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.5, rateInside: true, nesterov: true })
    // v = -0.1, -0.25; steps -0.15, -0.325.
    expectClose(walk(optimizer, 0, [1, 2]), [-0.15, -0.475])
  })

  test('may follow a schedule', () => {
    const momentum = (step: number) => [0.9, 0.5, 0][step] ?? Number.NaN
    expectClose(walk(sgd({ learningRate: 1, momentum }), 0, [1, 1, 1]), [-1, -2.5, -3.5])
  })

  test('of RMSProp gathers what has been divided, as in PyTorch', () => {
    // g / √s is 1 / √0.1 first and 1 / √0.19 then.
    const [first, second] = [1 / Math.sqrt(0.1), 1 / Math.sqrt(0.19)]
    const optimizer = rmsprop({ learningRate: 0.1, decay: 0.9, momentum: 0.5 })
    expectClose(walk(optimizer, 0, [1, 1]), [-0.1 * first, -0.1 * first - 0.1 * (0.5 * first + second)])
  })
})

describe('local rates', () => {
  // |w| = 5, |g| = 13.
  const step = (optimizer: Transformation, w: number[] = [3, 4], g: number[] = [5, 12]) => {
    const { path } = descend(tf, optimizer, [w], () => [g], 1, ['kernel'])
    return path[0]?.[0]?.map((after, i) => after - (w[i] ?? 0))
  }

  test('of LARC are trust |w| / (|g| + λ |w|), and no higher than the global rate', () => {
    const [trustCoefficient, weightDecay, epsilon] = [0.1, 0.2, 0]
    const local = (0.1 * 5) / (13 + 0.2 * 5)
    const decayed = [5.6, 12.8]
    const of = (learningRate: number, clip = true) =>
      step(larc({ learningRate, trustCoefficient, weightDecay, epsilon, clip }))
    expectClose(
      of(0.5),
      decayed.map((g) => -local * g),
    )
    expectClose(
      of(0.01),
      decayed.map((g) => -0.01 * g),
    )
    expectClose(
      of(0.5, false),
      decayed.map((g) => -0.5 * local * g),
    )
  })

  test('of LARS are trust |w| / |g + λ w|', () => {
    const local = (0.001 * 5) / Math.hypot(5.6, 12.8)
    expectClose(
      step(lars({ learningRate: 2, weightDecay: 0.2 })),
      [5.6, 12.8].map((g) => -2 * local * g),
    )
  })

  test('are those of the learning rate where there is no weight, or no gradient', () => {
    for (const optimizer of [lars({ learningRate: 0.1 }), larc({ learningRate: 0.1 })]) {
      expectClose(step(optimizer, [0, 0], [1, 2]), [-0.1, -0.2])
      expectClose(step(optimizer, [1, 2], [0, 0]), [0, 0])
    }
  })

  test('are for those parameters that are meant', () => {
    const trustMask = () => false
    expectClose(step(lars({ learningRate: 0.1, trustMask })), [-0.5, -1.2])
    const signs = step(lamb({ learningRate: 0.1, trustMask })) ?? []
    expectClose(signs, [-0.1, -0.1])
  })
})

test('Lookahead evaluates the slow weights', () => {
  const optimizer = lookahead(sgd({ learningRate: 1 }), { period: 2, alpha: 0.25 })
  const { path, evaluated } = descend(tf, optimizer, [[0]], () => [[1]], 4)
  expect(path.flat(2)).toEqual([-1, -0.5, -1.5, -1])
  expect(evaluated.flat(2)).toEqual([0, -0.5, -0.5, -1])
})
