import { checkName, checkNumber, refuse } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

/**
 * The weights of the point before and of the point after, a fraction t in (0, 1] of the way between them. Both, rather than
 * one and its complement, so that values close to 0 keep their digits.
 */
const EASES = {
  linear: (t: number): [number, number] => [1 - t, t],
  cosine: (t: number): [number, number] => [(1 + Math.cos(Math.PI * t)) / 2, (1 - Math.cos(Math.PI * t)) / 2],
  squareRoot: (t: number): [number, number] => [1 - Math.sqrt(t), Math.sqrt(t)],
}

/** How a value goes to the next: evenly, by half a cosine, or with the square root of the way, fast at first. */
export type Ease = keyof typeof EASES

export interface Point {
  /** From 0; may lie between two steps. */
  readonly step: number
  readonly value: number
  /** How the value comes here from the point before. Default `linear`. */
  readonly ease?: Ease
}

/**
 * Through points in the order of their steps; the first value before them, the last after them. Where two points share a
 * step, the first is the value there and the second where it goes on from.
 */
export function piecewiseSchedule(points: readonly Point[]): Schedule {
  const [first, ...others] = points
  const last = points.at(-1)
  if (!first || !last) return refuse('piecewiseSchedule.points', points, 'at least one point')
  for (const [i, { step, value, ease = 'linear' }] of points.entries()) {
    checkNumber(`piecewiseSchedule.points[${i}].step`, step, points[i - 1]?.step ?? 0)
    checkNumber(`piecewiseSchedule.points[${i}].value`, value)
    checkName(`piecewiseSchedule.points[${i}].ease`, ease, Object.keys(EASES))
  }
  return lambdaSchedule((step) => {
    if (step <= first.step) return first.value
    let before = first
    for (const after of others) {
      if (step <= after.step) {
        const [left, right] = EASES[after.ease ?? 'linear']((step - before.step) / (after.step - before.step))
        return left * before.value + right * after.value
      }
      before = after
    }
    return last.value
  })
}
