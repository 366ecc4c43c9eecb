import type { StudyView } from '../study/view.ts'
import { regretBound } from './gaussian-process/regret-bound.ts'

/** Before as many trials with a value the model is too sure of itself to end a study by. */
const LEAST_TRIALS = 20

/**
 * Why a study may end: what further trials can gain is bounded below a limit (Makarova et al. 2022, arXiv:2104.08166).
 * @param limit an amount of the study's metric, or `noise`, its standard deviation from run to run as the model finds it
 * @returns a sentence, or undefined while going on may pay
 */
export function enough(view: StudyView, limit: number | 'noise'): string | undefined {
  if (view.trials.filter(({ value }) => value !== undefined).length < LEAST_TRIALS) return undefined
  const left = regretBound(view)
  const least = limit === 'noise' ? left?.noise : limit
  if (!left || least === undefined || !(left.bound < least)) return undefined
  const [bound, threshold] = [left.bound, least].map((amount) => Number(amount.toPrecision(3)))
  const what = limit === 'noise' ? `what the same parameters differ by from run to run, ${threshold}` : `${threshold}`
  return `After ${view.trials.length} trials more of them can improve ${view.metric} by ${bound} at most, as far as the model of the trials can tell, which is less than ${what}.`
}
