import { expect, test } from 'vitest'
import type { Point } from '../../../src/analysis/convergence/curve.ts'
import { lawAt, lawOf } from '../../../src/analysis/convergence/law.ts'
import { plateauOf } from '../../../src/analysis/convergence/plateau.ts'
import { curveOf, knownOf, share } from './courses.ts'

/** The loss of gradient descent on sum h x² / 2, from x = 1 in all dimensions. */
function descend(curvatures: readonly number[], rate: number, steps: number): Point[] {
  return Array.from({ length: steps + 1 }, (_, step) => ({
    step,
    time: step,
    value: curvatures.reduce((sum, h) => sum + (h / 2) * (1 - rate * h) ** (2 * step), 0),
  }))
}

test.each([0.01, 0.1, 0.5])(
  'gradient descent with rate 1 / L contracts by 1 - mu / L a step (mu / L = %s)',
  (ratio) => {
    // The dimension of curvature L is done in one step, so that one remains.
    const law = knownOf(lawOf(descend([1, ratio], 1, 60), 'minimize'))
    expect(law.family).toBe('exponential')
    expect(law.lead).toBeGreaterThan(100)
    // The loss is quadratic in the distance.
    expect(Math.exp(-law.rate.value / 2)).toBeCloseTo(1 - ratio, 6)
    expect(law.limit.value).toBeCloseTo(0, 8)
  },
)

test('with curvatures between, the rate is that of the slowest once the others are done', () => {
  const law = knownOf(lawOf(descend([1, 0.6, 0.3, 0.02], 1, 200).slice(20), 'minimize'))
  expect(Math.exp(-law.rate.value / 2)).toBeCloseTo(0.98, 4)
})

test("Newton's one step leaves a plateau from step 1 on, and no course to fit", () => {
  const curve = Array.from({ length: 20 }, (_, step) => ({ step, time: step, value: step === 0 ? 3 : 0 }))
  expect(lawOf(curve, 'minimize')).toEqual({ known: false, why: expect.stringContaining('constant') })
  expect(knownOf(plateauOf(curve, 'minimize'))).toEqual({
    level: { value: 0, low: expect.closeTo(0, 12), high: expect.closeTo(0, 12) },
    since: 1,
    improvedBefore: true,
  })
})

test('stochastic gradient descent with rates that fall as 1 / sqrt(t) comes to a noisy quadratic as t^-1/2', () => {
  // The second moment, exactly: s' = (1 - a h)² s + a² c, a = 0.5 / sqrt(t), h = c = 1.
  let moment = 1
  const exact = Array.from({ length: 20_000 }, (_, i) => {
    const rate = 0.5 / Math.sqrt(i + 1)
    moment = (1 - rate) ** 2 * moment + rate ** 2
    return { step: i + 1, time: i, value: moment / 2 }
  })
  const noisy = curveOf((step) => exact[step - 1]?.value ?? 0, { count: 100, noise: 2e-4, last: 20_000 })
  const law = knownOf(lawOf(noisy, 'minimize'))
  expect(law.family).toBe('power')
  expect(law.rate.low).toBeLessThan(0.53)
  expect(law.rate.high).toBeGreaterThan(0.5)
  expect(law.rate.high / law.rate.low).toBeLessThan(1.3)
  expect(Math.abs(law.limit.value)).toBeLessThan(1e-3)
})

test.each(['minimize', 'maximize'] as const)('a law is found in the metric itself, and can be drawn (%s)', (goal) => {
  const sign = goal === 'minimize' ? 1 : -1
  const course = (step: number) => sign * (0.3 + 2 * step ** -0.4)
  const law = knownOf(lawOf(curveOf(course), goal))
  expect(law.family).toBe('power')
  expect(law.rate.value).toBeCloseTo(0.4, 6)
  expect(law.height).toBeCloseTo(2 * sign, 5)
  expect(law.limit.value).toBeCloseTo(0.3 * sign, 6)
  expect(lawAt(law, 5000)).toBeCloseTo(course(5000), 5)
})

test.each([
  ['power', 0],
  ['power', 0.7],
  ['exponential', 0],
  ['exponential', 0.7],
] as const)(
  'intervals of the rate and the limit hold the truth, and the family is found: %s law, correlation %s',
  (family, correlation) => {
    const rate = family === 'power' ? 0.5 : 1 / 200
    const course = (step: number) => 0.5 + (family === 'power' ? (step / 20) ** -rate : Math.exp(-rate * step))
    const laws = Array.from({ length: 60 }, (_, seed) => {
      const law = knownOf(lawOf(curveOf(course, { count: 40, noise: 0.02, correlation, seed }), 'minimize'))
      expect(law.family).toBe(family)
      return law
    })
    const holds = (of: (law: (typeof laws)[number]) => { low: number; high: number }, truth: number) =>
      laws.filter((law) => of(law).low <= truth && truth <= of(law).high).length / laws.length
    expect(holds((law) => law.rate, rate)).toBeGreaterThanOrEqual(0.9)
    expect(holds((law) => law.limit, 0.5)).toBeGreaterThanOrEqual(0.9)
  },
)

test('says why it cannot say: constant, straight, rising, diverging, short and noise', () => {
  const why = (course: (step: number) => number, options = {}) => {
    const found = lawOf(curveOf(course, options), 'minimize')
    return found.known ? 'known' : found.why
  }
  expect(why(() => 0.3)).toContain('constant')
  expect(why((step) => 2 - step / 1000, { noise: 0.01 })).toContain('straight line')
  expect(why((step) => 2 - Math.exp(-step / 200), { noise: 0.01 })).toContain('gets worse')
  expect(why((step) => (step > 500 ? Number.POSITIVE_INFINITY : 1))).toBe(
    'The curve diverges: at step 520 it is Infinity.',
  )
  expect(why(() => 1, { count: 3 })).toBe('The curve has 3 points; 8 are needed.')
  expect(lawOf([], 'minimize')).toEqual({ known: false, why: 'The curve has 0 points; 8 are needed.' })
  expect(share((seed) => why(() => 1, { noise: 0.1, seed }) === 'known', 20)).toBeLessThanOrEqual(0.1)
})
