import type { Goal } from '../../study/view.ts'
import { type Finding, known, unknown } from '../finding.ts'
import type { Point } from './curve.ts'

/** What it took to come to a value: that of the first point that is as good; both infinite for a curve that never is. */
export interface Reach {
  readonly steps: number
  readonly seconds: number
}

/** @param points by ascending step; values that are no number reach nothing */
export function timeToTarget(points: readonly Point[], goal: Goal, target: number): Finding<Reach> {
  if (points.length === 0) return unknown('There is no curve.')
  if (Number.isNaN(target)) return unknown('The target is not a number.')
  const reached = points.find(({ value }) => (goal === 'minimize' ? value <= target : value >= target))
  return known({
    steps: reached?.step ?? Number.POSITIVE_INFINITY,
    seconds: reached?.time ?? Number.POSITIVE_INFINITY,
  })
}
