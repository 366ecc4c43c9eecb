import type { Goal } from '../../study/view.ts'
import { type Finding, known, unknown } from '../finding.ts'

/** A metric at one training step, as it was reported. */
export interface Point {
  readonly step: number
  /** Seconds since the training began. */
  readonly time: number
  /** May be NaN or infinite. */
  readonly value: number
}

/** What is to become small: the values of a metric to be minimized, those of others with the sign turned. */
export interface Losses {
  /** Ascending. */
  readonly steps: Float64Array
  readonly losses: Float64Array
}

/** Beyond, a square is no number any more. */
const LARGEST = 1e150

/**
 * A curve for analyses that need every value of it.
 * @param points by ascending step
 * @param least how many points the analysis needs
 */
export function lossesOf(points: readonly Point[], goal: Goal, least: number): Finding<Losses> {
  const broken = points.find(({ value }) => !(Math.abs(value) <= LARGEST))
  if (broken) return unknown(`The curve diverges: at step ${broken.step} it is ${broken.value}.`)
  if (points.length < least) {
    return unknown(`The curve has ${points.length} point${points.length === 1 ? '' : 's'}; ${least} are needed.`)
  }
  const sign = goal === 'minimize' ? 1 : -1
  return known({
    steps: Float64Array.from(points, ({ step }) => step),
    losses: Float64Array.from(points, ({ value }) => sign * value),
  })
}

/** The curve from one point on. */
export function after({ steps, losses }: Losses, index: number): Losses {
  return { steps: steps.subarray(index), losses: losses.subarray(index) }
}
