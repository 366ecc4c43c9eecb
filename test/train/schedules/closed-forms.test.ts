import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chainedSchedule } from '../../../src/train/schedules/chained.ts'
import { constantSchedule } from '../../../src/train/schedules/constant.ts'
import { cosineAnnealing, cosineDecay } from '../../../src/train/schedules/cosine.ts'
import { cyclic } from '../../../src/train/schedules/cyclic.ts'
import { exponentialDecay } from '../../../src/train/schedules/exponential.ts'
import { inverseSquareRoot, noam } from '../../../src/train/schedules/inverse-square-root.ts'
import { linearSchedule } from '../../../src/train/schedules/linear.ts'
import { oneCycle } from '../../../src/train/schedules/one-cycle.ts'
import { piecewiseSchedule } from '../../../src/train/schedules/piecewise.ts'
import { polynomialDecay } from '../../../src/train/schedules/polynomial.ts'
import { scaled } from '../../../src/train/schedules/scaled.ts'
import type { Schedule } from '../../../src/train/schedules/schedule.ts'
import { sequentialSchedule } from '../../../src/train/schedules/sequential.ts'
import { stepDecay } from '../../../src/train/schedules/step-decay.ts'
import { trapezoid } from '../../../src/train/schedules/trapezoid.ts'
import { cosineWarmRestarts } from '../../../src/train/schedules/warm-restarts.ts'
import { warmup } from '../../../src/train/schedules/warmup.ts'

const step = fc.nat(2000)
const length = fc.integer({ min: 1, max: 500 })
const factor = fc.double({ min: 0, max: 1, noNaN: true })
/** Any of several families, of any length. */
const family: fc.Arbitrary<Schedule> = fc
  .tuple(length, factor, fc.nat(5))
  .map(
    ([steps, end, kind]) =>
      [
        constantSchedule({ steps, factor: end }),
        linearSchedule({ steps, end }),
        cosineDecay({ steps, end }),
        stepDecay({ every: steps, factor: end }),
        polynomialDecay({ steps, end, cycle: true }),
        oneCycle({ steps, start: end }),
      ][kind] ?? cosineDecay({ steps }),
  )

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-15)
}

const holds = (property: fc.IProperty<unknown>) => fc.assert(property)

describe('laws', () => {
  test('a chain is the product of its schedules', () => {
    holds(
      fc.property(fc.array(family, { maxLength: 4 }), step, (schedules, s) => {
        const product = schedules.reduce((value, schedule) => value * schedule(s), 1)
        expectClose(chainedSchedule(...schedules)(s), product)
      }),
    )
  })

  test('a sequence is each of its pieces, from its own first step', () => {
    holds(
      fc.property(family, family, family, length, length, step, (a, b, c, first, second, s) => {
        const whole = sequentialSchedule([a, b, c], { milestones: [first, first + second] })
        const piece = s < first ? a(s) : s < first + second ? b(s - first) : c(s - first - second)
        expect(whole(s)).toBe(piece)
      }),
    )
  })

  test('without restarts it is each of its pieces at the step of the whole', () => {
    holds(
      fc.property(family, family, length, step, (a, b, first, s) => {
        expect(sequentialSchedule([a, b], { milestones: [first], restart: false })(s)).toBe(s < first ? a(s) : b(s))
      }),
    )
  })

  test('warm restarts of one length repeat; of growing length each cycle is the first one stretched', () => {
    holds(
      fc.property(length, fc.integer({ min: 2, max: 4 }), factor, step, (steps, multiply, end, s) => {
        const same = cosineWarmRestarts({ period: steps, end })
        expect(same(s + steps)).toBe(same(s))
        const growing = cosineWarmRestarts({ period: steps, multiply, end })
        expectClose(growing(steps + (s % steps) * multiply), growing(s % steps))
      }),
    )
  })

  test('cosine annealing is even about its steps and has twice as many as period', () => {
    holds(
      fc.property(length, factor, step, (steps, end, s) => {
        const schedule = cosineAnnealing({ steps, end })
        const place = s % (steps + 1)
        expect(schedule(2 * steps - place)).toBeCloseTo(schedule(place), 12)
        expect(schedule(s + 2 * steps)).toBeCloseTo(schedule(s), 11)
      }),
    )
  })

  test('one cycle begins at start, has its top at 1, ends at end and stays there', () => {
    holds(
      fc.property(
        fc.integer({ min: 3, max: 50 }),
        factor,
        factor,
        fc.boolean(),
        step,
        (tens, start, end, threePhase, s) => {
          const schedule = oneCycle({ steps: 10 * tens, start, end, threePhase })
          expect(schedule(0)).toBe(start)
          expect(schedule(3 * tens - 1)).toBe(1)
          expect(schedule(10 * tens - 1 + s)).toBe(end)
          expect(schedule(s)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('a cycle begins low, is 1 at its top, and the triangle repeats', () => {
    holds(
      fc.property(length, length, factor, step, (up, down, low, s) => {
        const schedule = cyclic({ up, down, low })
        expect(schedule(0)).toBe(low)
        expect(schedule(up)).toBe(1)
        expect(schedule(s + up + down)).toBe(schedule(s))
        const halved = cyclic({ up, down, low: 0, mode: 'triangular2' })
        expectClose(halved(s + up + down), halved(s) / 2)
      }),
    )
  })

  test('cycles of a polynomial meet end at every multiple of their steps', () => {
    holds(
      fc.property(length, factor, fc.integer({ min: 1, max: 9 }), (steps, end, cycles) => {
        expect(polynomialDecay({ steps, end, cycle: true })(cycles * steps)).toBe(end)
      }),
    )
  })

  test('a warmup joins what follows: with prefix at 1, else where the schedule is by then', () => {
    holds(
      fc.property(family, length, factor, step, (schedule, steps, start, s) => {
        const inside = warmup(schedule, { steps, factor: start })
        const prefixed = warmup(schedule, { steps, factor: start, prefix: true })
        expectClose(inside(0), start)
        expect(inside(steps + s)).toBe(schedule(steps + s))
        expect(prefixed(steps + s)).toBe(schedule(s))
        const way = (s % steps) / steps
        expect(inside(s % steps)).toBeCloseTo(start * (1 - way) + schedule(steps) * way, 12)
        expect(prefixed(s % steps)).toBeCloseTo(start * (1 - way) + way, 12)
      }),
    )
  })
})

describe('formulas', () => {
  test('Noam is size^-0.5 min(n^-0.5, n warmup^-1.5); the inverse square root is it by its top', () => {
    holds(
      fc.property(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 10_000 }), step, (size, warm, s) => {
        const n = s + 1
        expectClose(noam({ size, warmup: warm })(s), size ** -0.5 * Math.min(n ** -0.5, n * warm ** -1.5))
        expectClose(inverseSquareRoot({ warmup: warm })(s), Math.min(n / warm, Math.sqrt(warm / n)))
      }),
    )
    expect(inverseSquareRoot({ warmup: 10 })(9)).toBe(1)
  })

  test('AlgoPerf: linear warmup from 0, then cosine to 0', () => {
    const [total, steps, rate] = [1000, 50, 0.3]
    const schedule = scaled(rate, warmup(cosineDecay({ steps: total - steps }), { steps, factor: 0, prefix: true }))
    for (let s = 0; s <= total + 10; s++) {
      const decayed = (rate * (1 + Math.cos((Math.PI * Math.min(s - steps, total - steps)) / (total - steps)))) / 2
      expectClose(schedule(s), s < steps ? (rate * s) / steps : decayed)
    }
  })

  test.each([
    ['linear', (t: number) => 1 - t],
    ['squareRoot', (t: number) => 1 - Math.sqrt(t)],
    ['cosine', (t: number) => (1 + Math.cos(Math.PI * t)) / 2],
  ] as const)('a trapezoid rises, stays at 1 and falls, %s', (ease, left) => {
    const schedule = trapezoid({ steps: 100, warmup: 10, decay: 20, end: 0.1, ease })
    for (let s = 0; s < 120; s++) {
      const fall = Math.min(1, Math.max(0, (s - 80) / 20))
      expectClose(schedule(s), s < 10 ? s / 10 : 0.1 + 0.9 * left(fall))
    }
    expect(trapezoid({ steps: 100, decay: 20 })(0)).toBe(1)
  })

  test('points are joined, held before and after, and may jump', () => {
    const schedule = piecewiseSchedule([
      { step: 2, value: 3 },
      { step: 4, value: 5 },
      { step: 4, value: 1 },
      { step: 6, value: 0, ease: 'cosine' },
    ])
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(schedule)).toEqual([3, 3, 3, 4, 5, 0.5, 0, 0])
  })

  test('an exponential of a thousand steps keeps its digits', () => {
    expectClose(exponentialDecay({ factor: 0.99 })(1000), 4.317124741065786e-5)
  })
})
