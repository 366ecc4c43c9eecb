import { type Goal, isBetter } from '../../study/view.ts'
import { type Finding, known } from '../finding.ts'
import { type Course, courseOf, marginsOf } from './course.ts'
import { after, lossesOf, type Point } from './curve.ts'

/** How a training ended. */
export interface EndOfTraining {
  /** The step of the best value, the last one, and the share of the training at which the best lies. */
  readonly bestStep: number
  readonly lastStep: number
  readonly bestAt: number
  /** Of the last quarter; undefined where the data cannot say. */
  readonly course: Course
  /** Whether the best lies in the first tenth: the training was far too long. */
  readonly farTooLong: boolean
  /** Whether the best lies in the last quarter: a longer training may find better. */
  readonly bestLate: boolean
}

const LEAST_POINTS = 4
/** Shares of the training at which the tuning playbook draws the lines (section on max_train_steps). */
const EARLY = 0.1
const LATE = 0.75

/**
 * Whether a training was too long or too short, after the tuning playbook: by where its best checkpoint lies and whether
 * the last quarter, or the last five points of a short curve, still improves.
 * @param points by ascending step
 */
export function endOfTraining(points: readonly Point[], goal: Goal): Finding<EndOfTraining> {
  const found = lossesOf(points, goal, LEAST_POINTS)
  if (!found.known) return found
  const curve = found.value
  const last = curve.steps.at(-1) ?? 0
  const best = points.reduce((a, b) => (isBetter(goal, b.value, a.value) ? b : a))
  const n = curve.losses.length
  const late = curve.steps.findIndex((step) => step >= LATE * last)
  const { course } = courseOf(after(curve, Math.max(0, Math.min(late, n - 5))), marginsOf(curve))
  const bestAt = best.step / last
  return known({
    bestStep: best.step,
    lastStep: last,
    bestAt,
    course,
    farTooLong: bestAt <= EARLY,
    bestLate: bestAt >= LATE,
  })
}
