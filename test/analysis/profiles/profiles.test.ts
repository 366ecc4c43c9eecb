import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { benchmarkScore, publishedScore } from '../../../src/analysis/profiles/benchmark-score.ts'
import { performanceProfile, profileAt } from '../../../src/analysis/profiles/performance-profile.ts'
import { speedUp } from '../../../src/analysis/profiles/speed-up.ts'
import { timeRatios } from '../../../src/analysis/profiles/time-ratios.ts'
import { tunedTime } from '../../../src/analysis/profiles/tuned-time.ts'
import { withHeldOut } from '../../../src/analysis/profiles/with-held-out.ts'

const MISSED = Number.POSITIVE_INFINITY

describe('ratios to the fastest', () => {
  test('ties, misses by one and by all, and a target reached at once', () => {
    const times = {
      a: { even: 5, missed: 8, none: MISSED, zero: 0 },
      b: { even: 5, missed: MISSED, none: MISSED, zero: 3 },
    }
    expect(timeRatios(times)).toEqual({
      a: { known: true, value: { even: 1, missed: 1, none: MISSED, zero: 1 } },
      b: { known: true, value: { even: 1, missed: MISSED, none: MISSED, zero: MISSED } },
    })
  })

  test('a submission that was not run everywhere has none, and leaves the others theirs', () => {
    const { a, b } = timeRatios({ a: { x: 1, y: 4 }, b: { y: 2 } })
    expect(a).toEqual({ known: true, value: { x: 1, y: 2 } })
    expect(b).toEqual({ known: false, why: 'No time of b is known on x.' })
    expect(timeRatios({ a: { x: Number.NaN } }).a?.known).toBe(false)
    expect(timeRatios({ a: {} }).a).toEqual({ known: false, why: 'There are no workloads.' })
  })

  test('one submission alone ties with itself', () => {
    expect(timeRatios({ a: { x: 3, y: MISSED } }).a).toEqual({ known: true, value: { x: 1, y: MISSED } })
  })
})

describe('profile and score', () => {
  test('the steps of a profile', () => {
    const profile = performanceProfile([2, 1, MISSED, 2])
    expect(profile).toEqual([
      { ratio: 1, share: 0.25 },
      { ratio: 2, share: 0.75 },
    ])
    expect([0.9, 1, 1.9, 2, 100].map((tau) => profileAt(profile, tau))).toEqual([0, 0.25, 0.25, 0.75, 0.75])
    expect(benchmarkScore(profile)).toBeCloseTo((3 + 2 + 2) / 4 / 3, 15)
  })

  test('all missed: 0 everywhere; fastest everywhere: 1', () => {
    expect(performanceProfile([MISSED, MISSED])).toEqual([])
    expect(benchmarkScore([])).toBe(0)
    expect(benchmarkScore(performanceProfile([1, 1, 1]))).toBe(1)
    expect(publishedScore(performanceProfile([1, 1, 1]))).toBe(1)
  })

  const ratio = fc.oneof(fc.double({ min: 1, max: 8, noNaN: true }), fc.constant(MISSED))

  test('the score is the mean of (4 - r)⁺ / 3, never gains from a slower workload, and the rule is near it', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 12 }), (ratios) => {
        const score = benchmarkScore(performanceProfile(ratios))
        const mean = ratios.reduce((sum, r) => sum + Math.max(0, 4 - r) / 3, 0) / ratios.length
        expect(score).toBeCloseTo(mean, 12)
        expect(Math.abs(publishedScore(performanceProfile(ratios)) - score)).toBeLessThanOrEqual(1 / 99)
        const slower = ratios.map((r, i) => (i === 0 ? r + 0.5 : r))
        expect(benchmarkScore(performanceProfile(slower))).toBeLessThanOrEqual(score + 1e-12)
      }),
    )
  })
})

describe('speed-up', () => {
  test('is the geometric mean of quotients, a miss one unit after the budget', () => {
    const of = { x: 10, y: MISSED }
    const against = { x: 40, y: 24 }
    expect(speedUp(of, against, { x: 100, y: 95 })).toEqual({ known: true, value: 1 })
    expect(speedUp(against, of, { x: 100, y: 95 })).toEqual({ known: true, value: 1 })
    expect(speedUp(of, of, { x: 100, y: 95 })).toEqual({ known: true, value: 1 })
    expect(speedUp({ x: 16 }, { x: MISSED }, { x: 31 })).toEqual({ known: true, value: 2 })
  })

  test('is unknown without a time, a budget or a workload, or where a target took no time', () => {
    expect(speedUp({ x: 1 }, {}, { x: 3 }).known).toBe(false)
    expect(speedUp({ x: 1 }, { x: 2 }, { x: MISSED }).known).toBe(false)
    expect(speedUp({ x: 1 }, { x: 2 }, {}).known).toBe(false)
    expect(speedUp({ x: 0 }, { x: 2 }, { x: 3 }).known).toBe(false)
  })
})

test('a missed variant, or one beyond four times the fastest, counts as a missed base workload; one not run as unknown', () => {
  const times = { a: { x: 1, v: 1 }, b: { x: 2, v: 4.1 }, c: { x: 3, v: 4 }, d: { x: 2 }, e: { x: 1, v: MISSED } }
  expect(withHeldOut(times, { x: ['v'] })).toEqual({
    a: { x: 1 },
    b: { x: MISSED },
    c: { x: 3 },
    d: {},
    e: { x: MISSED },
  })
})

test('tuned externally: the median over studies of the fastest trial', () => {
  expect(tunedTime([[5, 3], [9, MISSED], [MISSED]])).toBe(9)
  expect(tunedTime([[5], [MISSED], [MISSED]])).toBe(MISSED)
  expect(tunedTime([])).toBeNaN()
})
