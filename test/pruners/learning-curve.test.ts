import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addLessons, beliefFrom, lessonOf, noBelief } from '../../src/pruners/learning-curve/belief.ts'
import { calibrate } from '../../src/pruners/learning-curve/calibrate.ts'
import { pointsOf, thin } from '../../src/pruners/learning-curve/finished.ts'
import { fitShapes } from '../../src/pruners/learning-curve/fit.ts'
import { forecast } from '../../src/pruners/learning-curve/forecast.ts'
import { learningCurve } from '../../src/pruners/learning-curve.ts'
import { arbitraryStudy, completed, curveOf, decideLast, running, studyOf } from './studies.ts'

const WHOLE = 20
const values = (at: (x: number) => number, until = WHOLE) =>
  Array.from({ length: until }, (_, i) => at((i + 1) / WHOLE))
const points = (at: (x: number) => number, until = WHOLE) => pointsOf(curveOf(values(at, until)), WHOLE, 'minimize')

describe('a forecast', () => {
  test.each([
    ['a power law', (x: number) => 2 + 3 / Math.sqrt(x)],
    ['an exponential', (x: number) => 2 + 3 * Math.exp(-4 * x)],
    ['a Janoschek curve', (x: number) => 2 + 3 * Math.exp(-8 * x ** 0.5)],
    ['a Morgan-Mercer-Flodin curve', (x: number) => 2 + 3 / (1 + (16 * x) ** 2)],
    ['an inverse logarithm', (x: number) => 2 + 3 / Math.log(4 * Math.E * x + 1)],
  ])('finds the end of %s at a third of it', (_, at) => {
    const belief = noBelief(1e-8)
    const { mean, deviation, quantileBelow } = forecast(fitShapes(points(at, 7), belief), belief)
    expect(mean).toBeCloseTo(at(1), 2)
    expect(deviation).toBeLessThan(0.02)
    expect(quantileBelow(at(1) - 0.5)).toBeLessThan(-6)
    expect(quantileBelow(at(1) + 0.5)).toBeGreaterThan(6)
  })

  test('is the surer the more of the curve there is', () => {
    const noisy = (x: number) => 1 + Math.exp(-4 * x) + 0.05 * Math.sin(200 * x)
    const deviations = [4, 8, 12, 16].map((until) => {
      const belief = noBelief(1e-6)
      return forecast(fitShapes(points(noisy, until), belief), belief).deviation
    })
    expect(deviations).toEqual(deviations.toSorted((a, b) => b - a))
  })

  test('from two points is what finished curves have taught', () => {
    const at = (end: number) => (x: number) => end + 3 * Math.exp(-4 * x)
    const lessons = [0, 1, 2]
      .map((end) => lessonOf(fitShapes(points(at(end)), noBelief(1e-6))))
      .reduce((a, b) => addLessons(a, b))
    const belief = beliefFrom(lessons, 1e-6)
    const taught = forecast(fitShapes(points(at(5), 2), belief), belief)
    expect(taught.mean).toBeCloseTo(at(5)(1), 1)
    const untaught = forecast(fitShapes(points(at(5), 2), noBelief(1e-6)), noBelief(1e-6))
    expect(untaught.deviation).toBeGreaterThan(5 * taught.deviation)
  })
})

test('lessons without one are those of the others', () => {
  const [a, b, c] = [1, 2, 4].map((k) =>
    lessonOf(
      fitShapes(
        points((x) => Math.exp(-k * x)),
        noBelief(1e-6),
      ),
    ),
  )
  if (!a || !b || !c) throw new RangeError('three lessons')
  const without = beliefFrom(addLessons(addLessons(addLessons(a, b), c), b, -1), 1e-9)
  const direct = beliefFrom(addLessons(a, c), 1e-9)
  for (const of of ['shares', 'heights', 'variances', 'noises'] as const) {
    const off = without[of].map((value, k) => Math.abs(value / (direct[of][k] || 1) - 1))
    expect(Math.max(...off)).toBeLessThan(1e-9)
  }
})

test('calibration begins with four forecasts half as wide again as they say', () => {
  expect(calibrate([])).toEqual({ bias: 0, width: 1.5 })
  // Mean 4/8; squares 4 · 0.5² and 4 · 1.5².
  expect(calibrate([1, 1, 1, 1])).toEqual({ bias: 0.5, width: Math.sqrt((1 + 9) / 8) })
})

test('a long curve is thinned to 64 points, the last among them', () => {
  const long = Array.from({ length: 1000 }, (_, i) => ({ x: (i + 1) / 1000, loss: i }))
  const few = thin(long)
  expect(few.length).toBeLessThanOrEqual(64)
  expect(few.at(-1)).toBe(long.at(-1))
  expect(thin(long.slice(0, 64))).toHaveLength(64)
})

describe('the learning-curve pruner', () => {
  const falling = (end: number) => (x: number) => end + 3 * Math.exp(-6 * x) + 0.02 * Math.sin(90 * (x + end))
  const finished = [1, 1.1, 1.2, 1.5, 1.7, 2].map((end) => completed(values(falling(end))))
  const decideAt = (at: (x: number) => number, until: number, others = finished) =>
    decideLast(learningCurve(), studyOf([...others, running(values(at, until))]))

  test('stops a trial that leads above the best one, and lets run one that may pass it', () => {
    expect(decideAt(falling(2), 6)).toEqual({
      stop: true,
      because: expect.stringMatching(
        /^Its curve up to step 6 leads to 1\.\d+ ± 0\.\d+ at step 20, by what 3 finished curves taught\. It would beat the best so far, 0\.\d+, with a probability of \S+ % \(below 2 %\)\.$/,
      ),
    })
    for (const until of [2, 4, 6, 8, 12, 16, 19]) expect(decideAt(falling(0.9), until).stop).toBe(false)
  })

  test('has learned from finished curves whether there is still much to come', () => {
    const late = (end: number) => (x: number) => end + 3 * (1 - x ** 2) + 0.02 * Math.sin(90 * (x + end))
    const slow = [1, 1.1, 1.2, 1.5, 1.7, 2].map((end) => completed(values(late(end))))
    // The same curve, flat and high until step 4: hopeless where curves fall at once, and usual where they fall late.
    expect(decideAt(late(1), 4, slow).stop).toBe(false)
    expect(decideAt(late(1), 4, finished).stop).toBe(true)
  })

  test('needs two whole curves to learn from', () => {
    const pruner = learningCurve({ warmupTrials: 0 })
    const own = running(values(() => 9, 10))
    expect(decideLast(pruner, studyOf([...finished.slice(0, 1), own])).stop).toBe(false)
    expect(decideLast(pruner, studyOf([...finished.slice(0, 2), own])).stop).toBe(true)
    const short = finished.slice(1, 3).map(({ curve }) => ({ state: 'complete' as const, curve: curve.slice(0, 10) }))
    expect(decideLast(pruner, studyOf([...finished.slice(0, 1), ...short, own])).stop).toBe(false)
  })

  test('does not mind the scale of the metric', () => {
    fc.assert(
      fc.property(arbitraryStudy, (past) => {
        const scaled = past.map((one) => ({
          ...one,
          curve: one.curve.map(({ step, value }) => ({ step, value: 2 ** -12 * value })),
        }))
        const pruner = () => learningCurve({ warmupTrials: 0 })
        expect(decideLast(pruner(), studyOf(scaled)).stop).toBe(decideLast(pruner(), studyOf(past)).stop)
      }),
      { numRuns: 60 },
    )
  })
})
