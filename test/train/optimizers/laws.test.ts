import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { adamw } from '../../../src/train/optimizers/adamw.ts'
import { amsgrad } from '../../../src/train/optimizers/amsgrad.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { lars } from '../../../src/train/optimizers/lars.ts'
import { scaleByLearningRate } from '../../../src/train/optimizers/learning-rate.ts'
import { lion } from '../../../src/train/optimizers/lion.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import { nadamw } from '../../../src/train/optimizers/nadamw.ts'
import { novograd } from '../../../src/train/optimizers/novograd.ts'
import { rmsprop } from '../../../src/train/optimizers/rmsprop.ts'
import { rprop } from '../../../src/train/optimizers/rprop.ts'
import { scheduleFreeSgd } from '../../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { polyakAverage } from '../../../src/train/optimizers/transformations/average-weights.ts'
import { scaleBy } from '../../../src/train/optimizers/transformations/scale.ts'
import { descend } from './descend.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const START = [1, -2, 0.5]
const number = fc.integer({ min: -400, max: 400 }).map((n) => n / 100)
const gradient = fc.array(number, { minLength: 3, maxLength: 3 })
const gradients = fc.array(gradient, { minLength: 1, maxLength: 6 })
const rate = fc.integer({ min: 1, max: 50 }).map((n) => n / 100)
const fraction = fc.integer({ min: 0, max: 99 }).map((n) => n / 100)

const walk = (optimizer: Transformation, all: readonly number[][]) =>
  descend(tf, optimizer, [START], (_, step) => [all[step] ?? []], all.length, ['kernel'])

function expectSame(actual: number[][][], expected: number[][][], tolerance = 2e-5): void {
  expect(actual.flat(2)).toHaveLength(expected.flat(2).length)
  for (const [i, value] of expected.flat(2).entries())
    expect(Math.abs((actual.flat(2)[i] ?? Number.NaN) - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)))
}

/** Checks a law on a few dozen examples. */
function holds<T extends unknown[]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  law: (...values: T) => void,
): void {
  fc.assert(
    fc.property(fc.tuple<T>(...arbitraries), (values) => law(...values)),
    { numRuns: 30 },
  )
}

describe('gradient descent', () => {
  test('adds up its gradients', () => {
    holds([gradients, rate], (all, learningRate) => {
      const sums = START.map((start, i) => all.reduce((sum, each) => sum - learningRate * (each[i] ?? 0), start))
      expectSame([[walk(sgd({ learningRate }), all).path.at(-1)?.[0] ?? []]], [[sums]])
    })
  })

  test('has its learning rate inside or outside of the momentum alike while it is constant', () => {
    holds([gradients, rate, fraction, fc.boolean()], (all, learningRate, momentum, nesterov) => {
      const of = (rateInside: boolean) => walk(sgd({ learningRate, momentum, nesterov, rateInside }), all).path
      expectSame(of(true), of(false))
    })
  })

  test('is Schedule-Free SGD that averages nothing but its last step', () => {
    // β = 1 makes y the average x, which for one step is z.
    holds([gradient, rate], (g, learningRate) => {
      expectSame(walk(scheduleFreeSgd({ learningRate, beta: 1 }), [g]).path, walk(sgd({ learningRate }), [g]).path)
    })
  })

  test('at a constant rate has as its Polyak average what Schedule-Free SGD evaluates, if both see the same gradients', () => {
    holds([gradients, rate, fraction], (all, learningRate, fractionOfBeta) => {
      const free = walk(scheduleFreeSgd({ learningRate, beta: 1 - fractionOfBeta }), all)
      expectSame(free.evaluated, walk(chain(sgd({ learningRate }), polyakAverage()), all).evaluated, 2e-4)
    })
  })
})

describe('Adam', () => {
  test('does not know the scale of gradients', () => {
    holds([gradients, fc.constantFrom(0.01, 3, 1000)], (all, scale) => {
      const optimizer = adam({ learningRate: 0.1, epsilon: 0 })
      const moving = all.map((each) => each.map((g) => (g === 0 ? 1 : g)))
      expectSame(walk(chain(scaleBy(scale), optimizer), moving).path, walk(optimizer, moving).path)
    })
  })

  test('takes a first step of the learning rate against the sign', () => {
    holds([gradient, rate], (g, learningRate) => {
      const steps = START.map((start, i) => start - learningRate * Math.sign(g[i] ?? 0))
      expectSame(walk(adam({ learningRate }), [g]).path, [[steps]])
    })
  })

  test('with the maximum goes no further than without, and as far while gradients grow', () => {
    holds([gradient, rate], (g, learningRate) => {
      const growing = [1, 2, 4, 8].map((factor) => g.map((each) => each * factor))
      expectSame(walk(amsgrad({ learningRate }), growing).path, walk(adam({ learningRate }), growing).path)
    })
    holds([gradients], (all) => {
      const last = (optimizer: Transformation) => {
        const { path } = walk(optimizer, [...all, [0, 0, 0]])
        return path.at(-1)?.[0]?.map((value, i) => Math.abs(value - (path.at(-2)?.[0]?.[i] ?? 0))) ?? []
      }
      const [capped, free] = [last(amsgrad({ learningRate: 0.1 })), last(adam({ learningRate: 0.1 }))]
      for (const [i, step] of capped.entries()) expect(step).toBeLessThanOrEqual((free[i] ?? 0) + 1e-6)
    })
  })
})

describe('decoupled decay', () => {
  test.each([
    ['adamw', adamw],
    ['nadamw', nadamw],
    ['lion', lion],
  ])('of %s multiplies weights by 1 - lr λ where there is no gradient', (_name, optimizer) => {
    holds([rate, rate], (learningRate, weightDecay) => {
      const { path } = walk(optimizer({ learningRate, weightDecay }), [
        [0, 0, 0],
        [0, 0, 0],
      ])
      expectSame([[path[1]?.[0] ?? []]], [[START.map((w) => w * (1 - learningRate * weightDecay) ** 2)]])
    })
  })

  test('is the same at any gradient, unlike a penalty', () => {
    holds([gradient, rate], (g, weightDecay) => {
      const of = (decay: number) => walk(adamw({ learningRate: 0.1, weightDecay: decay }), [g]).path[0]?.[0] ?? []
      const [plain, decayed] = [of(0), of(weightDecay)]
      expectSame([[decayed]], [[plain.map((value, i) => value - 0.1 * weightDecay * (START[i] ?? 0))]])
    })
  })
})

describe('Lookahead', () => {
  test('with α = 1 is the optimizer inside', () => {
    holds([gradients, fc.integer({ min: 1, max: 4 })], (all, period) => {
      const inner = () => adam({ learningRate: 0.1 })
      expectSame(walk(lookahead(inner(), { period, alpha: 1 }), all).path, walk(inner(), all).path)
    })
  })

  test('around gradient descent with period 1 has α times its rate', () => {
    holds([gradients, rate, fc.constantFrom(0.25, 0.5, 1)], (all, learningRate, alpha) => {
      const optimizer = lookahead(sgd({ learningRate }), { period: 1, alpha })
      expectSame(walk(optimizer, all).path, walk(sgd({ learningRate: learningRate * alpha }), all).path)
    })
  })
})

describe('layerwise', () => {
  test('NovoGrad does not know the scale of gradients', () => {
    holds([gradients, fc.constantFrom(0.01, 3, 1000)], (all, scale) => {
      const optimizer = novograd({ learningRate: 0.1, epsilon: 1e-30 })
      const moving = all.map((each) => each.map((g) => g + 5))
      expectSame(walk(chain(scaleBy(scale), optimizer), moving).path, walk(optimizer, moving).path)
    })
  })

  test('the first step of LARS is in proportion to the weights', () => {
    holds([gradient, rate], (g, learningRate) => {
      fc.pre(Math.hypot(...g) > 0)
      const { path } = walk(lars({ learningRate, trustCoefficient: 0.1 }), [g])
      const length = Math.hypot(...START.map((start, i) => (path[0]?.[0]?.[i] ?? Number.NaN) - start))
      expect(length).toBeCloseTo(learningRate * 0.1 * Math.hypot(...START), 5)
    })
  })
})

test('centred RMSProp survives gradients that do not vary', () => {
  holds([gradient, fraction], (g, decay) => {
    const optimizer = rmsprop({ learningRate: 0.1, decay, centered: true })
    const { path } = walk(optimizer, Array(40).fill(g))
    expect(path.flat(2).every(Number.isFinite)).toBe(true)
  })
})

test('Rprop takes signs alone, and keeps its steps within bounds', () => {
  holds([gradients], (all) => {
    const optimizer = () => rprop({ learningRate: 0.1, smallestStep: 0.06, largestStep: 0.15 })
    const signs = all.map((each) => each.map(Math.sign))
    const { path, states } = walk(optimizer(), all)
    expectSame(path, walk(optimizer(), signs).path)
    for (const size of states.flatMap(([, sizes = []]) => sizes)) {
      expect(size).toBeGreaterThanOrEqual(Math.fround(0.06))
      expect(size).toBeLessThanOrEqual(Math.fround(0.15))
    }
  })
})

test('a schedule is asked for each step, from 0; a chain applies its parts in order', () => {
  const asked: number[] = []
  const optimizer = chain(
    scaleBy(3),
    scaleByLearningRate((step) => {
      asked.push(step)
      return 1 / (step + 1)
    }),
  )
  const { path } = descend(tf, optimizer, [[0]], () => [[-1]], 3)
  expect(asked).toEqual([0, 1, 2])
  expect(path.flat(2)).toEqual([3, 4.5, 5.5])
})
