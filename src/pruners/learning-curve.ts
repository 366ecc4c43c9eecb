import { z } from 'zod'
import { normalCdf } from '../numerics/normal.ts'
import type { Pruner } from '../study/pruner.ts'
import type { Goal, TrialView } from '../study/view.ts'
import { type Curve, lastStep, longest } from './curve.ts'
import { addLessons, beliefFrom, type Lessons } from './learning-curve/belief.ts'
import { type Calibration, calibrate } from './learning-curve/calibrate.ts'
import { type Finished, finish, leastNoiseOf, pointsOf, thin } from './learning-curve/finished.ts'
import { FEWEST, fitShapes, type LossPoint } from './learning-curve/fit.ts'
import { type Forecast, forecast } from './learning-curve/forecast.ts'
import { parseOptions, steps, trials } from './options.ts'
import { bestSoFar, prunerOf } from './rule.ts'
import { count, percent, short, shortLoss } from './words.ts'

export interface LearningCurveOptions {
  /** A trial is stopped when the probability that it will beat the best one is below this. Default 0.02. */
  readonly probability?: number
  /** The steps of a whole training. Default: those of the longest completed curve. */
  readonly maxSteps?: number
  /** No trial is stopped before it has come to this step. Default 0; it must have reported twice in any case. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 5; two must have in any case, with whole curves. */
  readonly warmupTrials?: number
}

const FIELDS = z.object({
  /**
   * A trial is looked at some twenty times, and one unlucky look ends it: with 0.05 the best trial was lost in 7 % of the
   * orders of bench/pruners.ts for 18 % of the steps, with 0.02 in none for 22 %.
   */
  probability: z.number().min(0).max(1).default(0.02),
  maxSteps: z.number().positive().optional(),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(5),
})

/**
 * The better half of the finished curves teaches, as the question is whether another will be as good. On the curves of
 * bench/pruners.ts all of them let half as many steps more be trained, none of which found anything.
 */
const FEWEST_TEACHERS = 3
/** Bounds the time of a decision. */
const MOST_TEACHERS = 64
/** Steps whose calibration is kept. */
const MOST_STEPS = 1024
/** A completed curve that has come so far is a whole one. */
const WHOLE = 0.9

/**
 * Stops a trial that will hardly beat the best one, by what its curve so far says of its end: an ensemble of parametric
 * curves (Domhan et al., IJCAI 2015), each a regression instead of a sampled posterior; a belief about shape, height and
 * noise that the study's finished curves have taught, as in freeze-thaw optimization (Swersky et al., arXiv 1406.3896); and
 * probabilities recalibrated by how forecasts made at the same step of those curves, each without its own lesson, have erred.
 * @throws DynotuneError `pruner.invalid`
 */
export function learningCurve(options: LearningCurveOptions = {}): Pruner {
  const { probability, maxSteps, ...warmUp } = parseOptions('learningCurve', FIELDS, options)
  // Finished curves do not change: a cache of a pure function.
  const known = new WeakMap<
    Curve,
    { readonly whole: number; readonly goal: Goal; readonly found: Finished | undefined }
  >()

  function finishedOf(curve: Curve, whole: number, goal: Goal): Finished | undefined {
    const last = known.get(curve)
    if (last?.whole === whole && last.goal === goal) return last.found
    const found = finish(curve, whole, goal)
    known.set(curve, { whole, goal, found })
    return found
  }

  // Likewise, of all trials that come to a step before another curve has finished.
  const calibrated = new Map<number, { readonly teachers: readonly Finished[]; readonly calibration: Calibration }>()

  function calibrationAt(step: number, whole: number, teachers: readonly Finished[], lessons: Lessons): Calibration {
    const found = calibrated.get(step)
    if (found && isSame(found.teachers, teachers)) return found.calibration
    const least = leastNoiseOf(teachers)
    const errors = teachers.flatMap(({ points, lesson, loss }) => {
      const seen = points.filter(({ x }) => x <= step / whole)
      if (seen.length < FEWEST) return []
      return forecastFrom(seen, addLessons(lessons, lesson, -1), least).quantileBelow(loss)
    })
    const calibration = calibrate(errors)
    if (calibrated.size >= MOST_STEPS) calibrated.clear()
    calibrated.set(step, { teachers, calibration })
    return calibration
  }

  return prunerOf('learningCurve', warmUp, ({ curve = [] }, others, view) => {
    const { goal } = view
    const step = lastStep(curve)
    const whole = maxSteps ?? longest(others)
    const best = leastOf(others.map((other) => bestSoFar(other, view)))
    const points = pointsOf(curve, whole, goal)
    const finished = wholeCurves(others, whole)
      .map((other) => finishedOf(other, whole, goal))
      .filter((one) => one !== undefined)
      .sort((a, b) => a.loss - b.loss)
    const teachers = finished.slice(0, Math.min(MOST_TEACHERS, Math.max(FEWEST_TEACHERS, finished.length / 2)))
    if (step >= whole || points.length < FEWEST || teachers.length < 2) return undefined

    const lessons = teachers.map(({ lesson }) => lesson).reduce((a, b) => addLessons(a, b))
    const { bias, width } = calibrationAt(step, whole, teachers, lessons)
    const expected = forecastFrom(points, lessons, leastNoiseOf(teachers))
    const chance = normalCdf((expected.quantileBelow(best) - bias) / width)
    if (!(chance < probability)) return undefined
    return (
      `Its curve up to step ${step} leads to ${shortLoss(goal, expected.mean)} ± ${short(expected.deviation)} at step ` +
      `${whole}, by what ${count(teachers.length, 'finished curve')} taught. It would beat the best so far, ` +
      `${shortLoss(goal, best)}, with a probability of ${percent(chance)} (below ${percent(probability)}).`
    )
  })
}

function forecastFrom(seen: readonly LossPoint[], lessons: Lessons, leastNoise: number): Forecast {
  const belief = beliefFrom(lessons, leastNoise)
  return forecast(fitShapes(thin(seen), belief), belief)
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function wholeCurves(trials: readonly TrialView[], whole: number): Curve[] {
  return trials.flatMap(({ state, curve }) =>
    state === 'complete' && curve && lastStep(curve) >= WHOLE * whole ? [curve] : [],
  )
}

function leastOf(losses: readonly number[]): number {
  return losses.reduce((least, loss) => (loss < least ? loss : least), Number.POSITIVE_INFINITY)
}
