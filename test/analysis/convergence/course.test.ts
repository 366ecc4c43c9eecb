import { describe, expect, test } from 'vitest'
import { areaUnderCurve } from '../../../src/analysis/convergence/area-under-curve.ts'
import { endOfTraining } from '../../../src/analysis/convergence/end-of-training.ts'
import { instabilityEvents } from '../../../src/analysis/convergence/instability.ts'
import { lateSpread } from '../../../src/analysis/convergence/late-spread.ts'
import { overfittingOf } from '../../../src/analysis/convergence/overfitting.ts'
import { plateauOf } from '../../../src/analysis/convergence/plateau.ts'
import { timeToTarget } from '../../../src/analysis/convergence/time-to-target.ts'
import { trendOf } from '../../../src/analysis/convergence/trend.ts'
import { curveOf, knownOf, share } from './courses.ts'

const decay = (step: number) => 0.5 + Math.exp(-step / 100)
const training = curveOf((step) => Math.exp(-step / 300))

test('time to a target: the first point that is as good, infinite for none, and NaN reaches nothing', () => {
  const curve = [Number.NaN, 3, 1, 2].map((value, i) => ({ step: 10 * i, time: i / 2, value }))
  expect(timeToTarget(curve, 'minimize', 2)).toEqual({ known: true, value: { steps: 20, seconds: 1 } })
  expect(timeToTarget(curve, 'maximize', 2)).toEqual({ known: true, value: { steps: 10, seconds: 0.5 } })
  const never = { steps: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY }
  expect(timeToTarget(curve, 'minimize', 0)).toEqual({ known: true, value: never })
  expect(timeToTarget([], 'minimize', 0).known).toBe(false)
  expect(timeToTarget(curve, 'minimize', Number.NaN).known).toBe(false)
})

test('the area under a curve: exact for straight pieces, whatever the spacing', () => {
  const curve = [0, 1, 4, 10].map((step) => ({ step, time: step, value: 2 * step + 1 }))
  expect(knownOf(areaUnderCurve(curve))).toBeCloseTo(11, 12)
  expect(areaUnderCurve(curve.slice(1, 2)).known).toBe(false)
  expect(areaUnderCurve([...curve, { step: 11, time: 11, value: Number.NaN }])).toEqual({
    known: false,
    why: 'The curve diverges: at step 11 it is NaN.',
  })
})

test('the interval of a trend holds the truth for noise that is correlated, and for unevenly spaced points', () => {
  for (const correlation of [0, 0.5, 0.8]) {
    const covered = share((seed) => {
      const curve = curveOf((step) => (3 * step) / 1000, { count: 30, noise: 1, correlation, seed })
      const kept = curve.filter((_, i) => i % 7 !== 3)
      const { change } = trendOf({
        steps: Float64Array.from(kept, ({ step }) => step),
        losses: Float64Array.from(kept, ({ value }) => value),
      })
      const truth = (3 * ((kept.at(-1)?.step ?? 0) - (kept[0]?.step ?? 0))) / 1000
      return change.low <= truth && truth <= change.high
    })
    expect(covered).toBeGreaterThanOrEqual(0.92)
  }
})

describe('plateau', () => {
  test('of an exponential decay: its level, and since when what is left is a fiftieth of the gain', () => {
    const { level, since, improvedBefore } = knownOf(plateauOf(curveOf(decay, { count: 200 }), 'minimize'))
    expect(level.value).toBeCloseTo(0.5, 3)
    expect(since).toBeGreaterThan(300)
    expect(since).toBeLessThan(450)
    expect(improvedBefore).toBe(true)
  })

  test('of a noisy one, to be maximized: the level is in its interval', () => {
    const found = Array.from({ length: 40 }, (_, seed) =>
      plateauOf(
        curveOf((step) => 2 - decay(step), { count: 150, noise: 0.02, seed }),
        'maximize',
      ),
    ).filter((each) => each.known)
    expect(found.length).toBeGreaterThan(25)
    const holding = found.filter(({ value: { level } }) => level.low <= 1.5 && level.high >= 1.5)
    expect(holding.length / found.length).toBeGreaterThanOrEqual(0.9)
  })

  test('none where the curve still falls, rises again, diverges, or is too short to tell', () => {
    const why = (course: (step: number) => number, options = {}) => {
      const found = plateauOf(curveOf(course, options), 'minimize')
      return found.known ? 'known' : found.why
    }
    expect(why((step) => 2 - step / 1000)).toBe('At its end the curve still improves.')
    expect(why((step) => (step - 500) ** 2)).toBe('At its end the curve gets worse.')
    expect(why((step) => (step > 900 ? Number.NaN : 1))).toContain('diverges')
    expect(why(decay, { count: 12, noise: 0.1 })).toContain('too short, or too noisy')
  })

  test('a constant curve is level from its start, and never improved', () => {
    expect(
      knownOf(
        plateauOf(
          curveOf(() => 0.7),
          'minimize',
        ),
      ),
    ).toEqual({
      level: { value: expect.closeTo(0.7, 12), low: expect.closeTo(0.7, 12), high: expect.closeTo(0.7, 12) },
      since: 20,
      improvedBefore: false,
    })
  })
})

describe('overfitting', () => {
  /** Falls up to step 400, then rises. */
  const turning = (step: number) => 0.5 + 0.9 * Math.max(0, 1 - step / 400) ** 2 + Math.max(0, step - 400) / 3000

  test.each([0, 0.5])('is found, and its interval holds where it began (correlation %s)', (correlation) => {
    const found = Array.from({ length: 20 }, (_, seed) =>
      knownOf(overfittingOf(curveOf(turning, { noise: 0.02, correlation, seed }), 'minimize', training)),
    )
    expect(found.filter(({ verdict }) => verdict === 'overfits').length).toBeGreaterThanOrEqual(19)
    const holding = found.filter(({ turn }) => turn && turn.step.low <= 400 && turn.step.high >= 400)
    expect(holding.length).toBeGreaterThanOrEqual(18)
  })

  test('is seldom found in curves that come to rest, however correlated their noise', () => {
    for (const correlation of [0, 0.8]) {
      const wrong = share((seed) => {
        const found = overfittingOf(curveOf(decay, { noise: 0.02, correlation, seed }), 'minimize', training)
        return knownOf(found).verdict !== 'none'
      }, 40)
      expect(wrong).toBeLessThanOrEqual(0.1)
    }
  })

  test('needs a training loss that still falls; without noise the step is exact', () => {
    const curve = curveOf(turning)
    const exact = { value: 400, low: 400, high: 400 }
    expect(knownOf(overfittingOf(curve, 'minimize', training)).turn?.step).toEqual(exact)
    expect(knownOf(overfittingOf(curve, 'minimize')).verdict).toBe('worsens')
    expect(knownOf(overfittingOf(curve, 'minimize', curve)).verdict).toBe('worsens')
    const mirrored = curve.map((point) => ({ ...point, value: 1 - point.value }))
    expect(knownOf(overfittingOf(mirrored, 'maximize', training))).toMatchObject({ verdict: 'overfits' })
    expect(
      knownOf(
        overfittingOf(
          curveOf(() => 1),
          'minimize',
          training,
        ),
      ),
    ).toEqual({ verdict: 'none' })
    expect(overfittingOf(curve.slice(0, 5), 'minimize', training).known).toBe(false)
    expect(overfittingOf(curve, 'minimize', training.slice(0, 20)).known).toBe(false)
  })
})

describe('instability', () => {
  test('a spike has a step, a height and a recovery', () => {
    const curve = curveOf(decay, { noise: 0.01 }).map((point) => {
      const factor = { 500: 8, 520: 3 }[point.step] ?? 1
      return { ...point, value: factor * point.value }
    })
    const [event, ...others] = instabilityEvents(curve)
    expect(others).toEqual([])
    expect(event).toEqual({ step: 500, height: expect.closeTo(8, 0), recovery: 40 })
  })

  test('values that are not finite are events; one that stays so never recovers', () => {
    const curve = curveOf(decay).map((point) => ({ ...point, value: point.step >= 900 ? Number.NaN : point.value }))
    const never = Number.POSITIVE_INFINITY
    expect(instabilityEvents(curve)).toEqual([{ step: 900, height: never, recovery: never }])
    expect(instabilityEvents([])).toEqual([])
    expect(instabilityEvents(curveOf(() => Number.NaN))).toEqual([{ step: 20, height: never, recovery: never }])
  })

  test('there is seldom one in noise, correlated or not, nor in a constant or a falling curve', () => {
    for (const correlation of [0, 0.8]) {
      const wrong = share((seed) => {
        const noisy = curveOf(() => 0, { count: 100, noise: 0.3, correlation, seed })
        return instabilityEvents(noisy.map((point) => ({ ...point, value: Math.exp(point.value) }))).length > 0
      })
      expect(wrong).toBeLessThanOrEqual(0.05)
    }
    expect(instabilityEvents(curveOf(() => 2))).toEqual([])
    expect(instabilityEvents(curveOf(decay))).toEqual([])
  })
})

test('the late spread is the standard deviation of the noise, in an interval that holds it, whatever the trend', () => {
  const course = (step: number) => 5 - step / 1000
  const covered = share((seed) => {
    const { low, high } = knownOf(lateSpread(curveOf(course, { count: 100, noise: 0.2, seed })))
    return low <= 0.2 && 0.2 <= high
  })
  expect(covered).toBeGreaterThanOrEqual(0.9)
  expect(lateSpread(curveOf(course, { count: 15 })).known).toBe(false)
})

test('the end of a training: where its best lies, and whether it still improves', () => {
  const endOf = (course: (step: number) => number, options = {}) =>
    knownOf(endOfTraining(curveOf(course, options), 'minimize'))
  expect(endOf((step) => -step)).toEqual({
    ...{ bestStep: 1000, lastStep: 1000, bestAt: 1, course: 'improving', farTooLong: false, bestLate: true },
  })
  expect(endOf((step) => Math.abs(step - 100))).toMatchObject({ bestAt: 0.1, course: 'worsening', farTooLong: true })
  expect(endOf((step) => Math.exp(-step / 60))).toMatchObject({ course: 'level', bestLate: true })
  expect(endOf(decay, { count: 12, noise: 0.3 }).course).toBeUndefined()
  expect(endOfTraining(curveOf(decay, { count: 3 }), 'minimize').known).toBe(false)
})
