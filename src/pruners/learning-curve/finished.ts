import type { Goal } from '../../study/view.ts'
import { bestLoss, type Curve, lossOf } from '../curve.ts'
import { type Lessons, lessonOf, noBelief } from './belief.ts'
import { FEWEST, fitShapes, type LossPoint } from './fit.ts'

/** A whole curve, and what it teaches about others. */
export interface Finished {
  readonly points: readonly LossPoint[]
  readonly lesson: Lessons
  /** The best of it. */
  readonly loss: number
}

/** Reports that a fit looks at: more would say little more, for more time. */
const MOST_POINTS = 64
/** Noise below a thousandth of what a curve falls by is not told from none. */
const LEAST_NOISE = 1e-3

/** Undefined for a curve that does not tell: of too few finite reports, or flat. */
export function finish(curve: Curve, whole: number, goal: Goal): Finished | undefined {
  const points = pointsOf(curve, whole, goal)
  const noise = leastNoise(points)
  if (points.length <= FEWEST || !(noise > 0)) return undefined
  return { points, lesson: lessonOf(fitShapes(thin(points), noBelief(noise))), loss: bestLoss(curve, goal) }
}

/** The finite reports within a whole training, from step 1. */
export function pointsOf(curve: Curve, whole: number, goal: Goal): LossPoint[] {
  return curve
    .map(({ step, value }) => ({ x: step / whole, loss: lossOf(goal, value) }))
    .filter(({ x, loss }) => x > 0 && x <= 1 && !Number.isNaN(loss))
}

/** Every k-th point back from the last, so that at most 64 are left. */
export function thin(points: readonly LossPoint[]): readonly LossPoint[] {
  const stride = Math.ceil(points.length / MOST_POINTS)
  return stride <= 1 ? points : points.filter((_, i) => (points.length - 1 - i) % stride === 0)
}

/** A mean square that no curve of a study has less of about its fit, above 0. */
export function leastNoiseOf(finished: readonly Finished[]): number {
  return Math.max(...finished.map(({ points }) => leastNoise(points)))
}

function leastNoise(points: readonly LossPoint[]): number {
  const [least, most] = points.reduce(
    ([low, high], { loss }) => [Math.min(low, loss), Math.max(high, loss)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  return (LEAST_NOISE * (most - least)) ** 2
}
