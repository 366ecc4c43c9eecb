import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BestOfK, bestOfK } from '../../../src/analysis/search/best-of-k.ts'
import { outcomes } from '../../../src/analysis/search/outcomes.ts'
import { float } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'
import type { StudyView } from '../../../src/study/view.ts'

/** A study of these values; null for an infeasible trial. */
function study(values: readonly (number | null)[], goal: StudyView['goal'] = 'minimize'): StudyView {
  return {
    space: createSpace({ x: float(0, 1) }),
    metric: 'loss',
    goal,
    seed: 0,
    trials: values.map((value, number) => ({
      number,
      params: { x: 0.5 },
      ...(value === null ? { state: 'infeasible' as const } : { state: 'complete' as const, value }),
    })),
  }
}

function of(view: StudyView, k: number): BestOfK {
  const found = bestOfK(view, [k])
  const first = found.known ? found.value[0] : undefined
  if (!first) throw new Error(`nothing of ${k}`)
  return first
}

function choices(count: number, k: number): number[][] {
  const all = Array.from({ length: 2 ** count }, (_, mask) => mask)
  const members = (mask: number) => Array.from({ length: count }, (_, index) => index).filter((i) => (mask >> i) & 1)
  return all.map(members).filter(({ length }) => length === k)
}

test('the distribution is that of all choices, one by one', () => {
  const value = fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { freq: 4 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 8 }), fc.nat(7), (values, more) => {
      fc.pre(values.some((each) => each !== null))
      const k = 1 + (more % values.length)
      const bests = choices(values.length, k).map((chosen) =>
        Math.min(...chosen.map((index) => values[index] ?? Number.POSITIVE_INFINITY)),
      )
      const finite = bests.filter(Number.isFinite)
      const mean = finite.reduce((a, b) => a + b, 0) / finite.length
      const found = of(study(values), k)
      expect(found.expected).toBeCloseTo(mean, 9)
      expect(found.deviation ** 2).toBeCloseTo(finite.reduce((a, b) => a + (b - mean) ** 2, 0) / finite.length, 8)
      expect(found.none).toBeCloseTo(1 - finite.length / bests.length, 9)
      const sorted = bests.sort((a, b) => a - b)
      const quantile = (p: number) => sorted[Math.ceil(p * sorted.length - 1e-9) - 1]
      expect([found.low, found.median, found.high]).toEqual([0.025, 0.5, 0.975].map(quantile))
    }),
    { numRuns: 60 },
  )
})

test('a maximised study is the mirror of a minimised one', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6]
  const [up, down] = [of(study(values, 'maximize'), 3), of(study(values.map((value) => -value)), 3)]
  expect(up).toEqual({ ...down, expected: -down.expected, low: -down.high, median: -down.median, high: -down.low })
})

test('uniform values: the best of k of n is k of n + 1 from the end, as for any n', () => {
  // Of n evenly spaced values (i / (n + 1)) the mean minimum of k is 1 / (k + 1), without bias.
  const view = study(Array.from({ length: 999 }, (_, index) => (index + 1) / 1000))
  for (const k of [1, 4, 50, 500, 999]) expect(of(view, k).expected).toBeCloseTo(1 / (k + 1), 10)
  expect(of(view, 999).deviation).toBe(0)
})

test('counts beyond the trials are left out, and without values nothing is known', () => {
  const found = bestOfK(study([1, 2, 3]), [0, 1, 2.5, 3, 4])
  expect(found.known && found.value.map(({ k }) => k)).toEqual([1, 3])
  expect(bestOfK(study([null, null]), [1])).toEqual({ known: false, why: 'No trial has a value.' })
  expect(bestOfK(study([1]), [1]).known).toBe(false)
})

test('outcomes come best first, infeasible ones count as tried', () => {
  expect(outcomes(study([3, null, 1, Number.NaN], 'maximize'))).toMatchObject({ value: { values: [3, 1], tried: 4 } })
  expect(outcomes(study([null])).known).toBe(false)
})
