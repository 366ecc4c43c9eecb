import type { Goal } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { courseOf, marginsOf } from './course.ts'
import { after, lossesOf, type Point } from './curve.ts'
import { trendOf } from './trend.ts'

/** The level on which a curve ends. */
export interface Plateau {
  /** The mean of its second half in the metric itself, with its 95 % interval. */
  readonly level: Estimate
  /** The step from which the curve is level. */
  readonly since: number
  /** Whether the curve improved before; one that did not is as level as its noise. */
  readonly improvedBefore: boolean
}

/** A trend and its noise need as many points. */
const LEAST_POINTS = 5
/** A plateau is at least the last quarter of the training: of any smooth curve the last few points are level. */
const LATE = 0.75
/** Each part is longer than the one before by so much: a curve of 200 points has forty. */
const GROWTH = 1.1
/** How far, in standard deviations, the first point of a plateau may be from its level. */
const FIRST_POINT = 2.5

/**
 * The final plateau: the longest last part of a curve that is level with 95 % confidence (see `Course`): a test of
 * equivalence, since that a trend is not significant may only mean that there are few points. A part that
 * still goes somewhere ends the search. Unknown where the end of the curve is not shown to be level.
 * @param points by ascending step
 */
export function plateauOf(points: readonly Point[], goal: Goal): Finding<Plateau> {
  const found = lossesOf(points, goal, LEAST_POINTS)
  if (!found.known) return found
  const curve = found.value
  const n = curve.losses.length
  const margins = marginsOf(curve)
  let plateau: number | undefined
  let end: string | undefined
  const [first, last] = [curve.steps[0] ?? 0, curve.steps.at(-1) ?? 0]
  const late = curve.steps.findIndex((step) => step >= first + LATE * (last - first))
  for (
    let length = Math.max(LEAST_POINTS, n - late);
    length <= n;
    length = Math.max(length + 1, Math.round(length * GROWTH))
  ) {
    const part = after(curve, n - length)
    const { course, trend } = courseOf(part, margins)
    if (course === 'improving' || course === 'worsening') {
      end = course === 'improving' ? 'still improves' : 'gets worse'
      break
    }
    const isNear = Math.abs((part.losses[0] ?? 0) - trend.level.value) <= margins.gain + FIRST_POINT * trend.noise
    if (course === 'level' && isNear) plateau = n - length
  }
  if (plateau === undefined) {
    return unknown(
      end === undefined
        ? 'The end of the curve is too short, or too noisy, to tell a plateau from a slow course.'
        : `At its end the curve ${end}.`,
    )
  }
  // Where a slow approach to the level is part of the plateau, its second half is nearer to it.
  const { value, low, high } = trendOf(after(curve, Math.min(n - LEAST_POINTS, (plateau + n) >> 1))).level
  return known({
    level: goal === 'minimize' ? { value, low, high } : { value: -value, low: -high, high: -low },
    since: curve.steps[plateau] ?? 0,
    improvedBefore: plateau > 0,
  })
}
