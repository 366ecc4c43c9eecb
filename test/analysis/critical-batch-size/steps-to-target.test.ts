import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stepsToTarget, stepsToTargets } from '../../../src/analysis/critical-batch-size/steps-to-target.ts'

const INFINITE = Number.POSITIVE_INFINITY

const curveOf = (...values: number[]) => values.map((value, i) => ({ step: 10 * i, value }))

describe('steps to a target', () => {
  test('lie between the two evaluations, in proportion', () => {
    expect(stepsToTarget(curveOf(4, 3, 1, 2), { atMost: 1.5 })).toBe(17.5)
    expect(stepsToTarget(curveOf(0.1, 0.5, 0.9), { atLeast: 0.6 })).toBeCloseTo(12.5, 12)
    expect(stepsToTarget(curveOf(4, 3, 1), { atMost: 3 })).toBe(10)
  })

  test('are those of the first time, whatever comes later', () => {
    expect(stepsToTarget(curveOf(4, 1, 5, 0), { atMost: 2 })).toBeCloseTo(20 / 3, 12)
  })

  test('are found for several targets at once', () => {
    const targets = [{ atMost: 3 }, { atMost: 2 }, { atLeast: 9 }]
    expect(stepsToTargets(curveOf(4, 3, 1), targets)).toEqual([10, 15, INFINITE])
  })

  test('are infinite where it is never reached', () => {
    expect(stepsToTarget(curveOf(4, 3), { atMost: 2 })).toBe(INFINITE)
    expect(stepsToTarget([], { atMost: 2 })).toBe(INFINITE)
    expect(stepsToTarget(curveOf(4, 3), { atMost: Number.NaN })).toBe(INFINITE)
  })

  test('are those of an evaluation where there is nothing to interpolate with', () => {
    expect(stepsToTarget([{ step: 7, value: 1 }], { atMost: 2 })).toBe(7)
    expect(stepsToTarget(curveOf(INFINITE, 1), { atMost: 2 })).toBe(10)
    expect(stepsToTarget(curveOf(4, Number.NEGATIVE_INFINITY), { atMost: 2 })).toBe(10)
  })

  test('pass over evaluations that failed', () => {
    expect(stepsToTarget(curveOf(4, Number.NaN, 2), { atMost: 3 })).toBe(10)
    expect(stepsToTarget(curveOf(Number.NaN, Number.NaN), { atMost: 3 })).toBe(INFINITE)
  })

  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 })
  const target = fc.double({ min: -5, max: 5, noNaN: true })

  test('are no fewer for a harder target, and the same for the mirrored goal and for any order of the evaluations', () => {
    fc.assert(
      fc.property(values, target, target, (metrics, one, other) => {
        const curve = curveOf(...metrics)
        const steps = stepsToTarget(curve, { atMost: Math.max(one, other) })
        expect(stepsToTarget(curve, { atMost: Math.min(one, other) })).toBeGreaterThanOrEqual(steps)
        const mirrored = curveOf(...metrics.map((value) => -value))
        expect(stepsToTarget(mirrored, { atLeast: -Math.max(one, other) })).toBe(steps)
        expect(stepsToTarget(curve.toReversed(), { atMost: Math.max(one, other) })).toBe(steps)
      }),
    )
  })

  test('are exact on a line, however rarely it is evaluated', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (steepness, every) => {
          const curve = Array.from({ length: 60 }, (_, i) => ({ step: i * every, value: -steepness * i * every }))
          expect(stepsToTarget(curve, { atMost: -steepness * 37 })).toBeCloseTo(37, 9)
        },
      ),
    )
  })
})
