import type { Goal } from '../study/view.ts'
import { metricOf } from './curve.ts'

/** A number in a sentence: four significant digits. */
export function short(number: number): string {
  return String(Number(number.toPrecision(4)))
}

/** A loss in a sentence, as the metric it was. */
export function shortLoss(goal: Goal, loss: number): string {
  return short(metricOf(goal, loss))
}

/** `1 trial`, `2 trials`. */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`
}

/** A share in a sentence: `12 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
