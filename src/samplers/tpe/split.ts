import type { StudyView, TrialView } from '../../study/view.ts'
import { scoredTrials } from '../nsga2/scored.ts'
import { survivors } from '../nsga2/survivors.ts'
import { lossOf } from '../observations.ts'

/** The trials of a view by what they tell, each group of numbers. */
export interface Split {
  /** The best, best first. */
  readonly good: readonly number[]
  /** Of the good, relative to a mean of 1. */
  readonly weights: readonly number[]
  /** Ascending: the rest of those with a value, those that could not be evaluated, and the pending ones. */
  readonly bad: readonly number[]
  /** How many have a value. */
  readonly known: number
}

/** The most good trials: Optuna 5 has 25, which was no better at 250 trials, and 100 cost little time. */
const MOST = 100

/**
 * The best of the trials with a value, and all others. Pending trials count as bad, so that others that run at the same time
 * are kept away from them; so do those that could not be evaluated. Failed ones count as nothing.
 * @param share how much of the trials with a value is good, rounded up
 */
export function splitTrials(view: StudyView, share: number): Split {
  if (view.objectives && view.objectives.length > 1) return splitTradeOffs(view, share)
  const lossOfTrial = (trial: TrialView) => (hasLoss(trial) ? lossOf(view.goal, trial.value ?? 0) : Number.NaN)
  const split = splitByLoss(view.trials, share, lossOfTrial, ({ state }) => state !== 'failed')
  // As long as hardly any is within the bounds, trials closer to them are what there is to learn from.
  return view.bounds && split.known < share * view.trials.length ? splitTradeOffs(view, share) : split
}

/**
 * The split by one loss.
 * @param lossOf NaN for a trial that has none
 * @param isBad of those that have none
 */
export function splitByLoss(
  trials: readonly TrialView[],
  share: number,
  lossOf: (trial: TrialView) => number,
  isBad: (trial: TrialView) => boolean,
): Split {
  const losses = new Float64Array(trials.length)
  let known = 0
  for (let n = 0; n < trials.length; n++) {
    const trial = trials[n]
    losses[n] = trial ? lossOf(trial) : Number.NaN
    if (!Number.isNaN(losses[n])) known++
  }
  // NaN comes last.
  const ascending = losses.slice().sort()
  const count = Math.min(MOST, Math.ceil(share * known))
  const last = ascending[count - 1] ?? Number.NEGATIVE_INFINITY
  // Of equal losses the earlier trials count as the better.
  let equals = count - ascending.indexOf(last)
  const good: number[] = []
  const bad: number[] = []
  for (let n = 0; n < trials.length; n++) {
    const loss = losses[n] ?? Number.NaN
    const trial = trials[n]
    if (loss < last || (loss === last && equals-- > 0)) good.push(n)
    else if (loss >= last || (trial && isBad(trial))) bad.push(n)
  }
  const lossAt = (number: number) => losses[number] ?? 0
  good.sort((a, b) => lossAt(a) - lossAt(b) || a - b)
  const weights = improvementWeights(good.map(lossAt), count < known ? (ascending[count] ?? last) : last)
  return { good, weights, bad, known }
}

/**
 * By front, then by how alone a trial is on the front that is not good as a whole, as NSGA-II has it (Ozaki, Tanigaki,
 * Watanabe and Onishi, GECCO 2020, take the share of hypervolume for the latter); infeasible trials by how far they are
 * beyond the bounds. All weights are 1.
 */
function splitTradeOffs(view: StudyView, share: number): Split {
  const scored = scoredTrials(view).filter(({ losses }) => losses)
  const best = survivors(scored, Math.min(MOST, Math.ceil(share * scored.length)))
  const good = best.map(({ trial }) => trial.number)
  const chosen = new Set(good)
  const bad = view.trials.filter(({ number, state }) => state !== 'failed' && !chosen.has(number))
  return { good, weights: good.map(() => 1), bad: bad.map(({ number }) => number), known: scored.length }
}

/**
 * Weights by how much better than the threshold a trial is, which make the ratio of the densities the expected improvement
 * (Watanabe 2023, section 3.2.2, "EI"), with a mean of 1. All are 1 where none is better.
 */
export function improvementWeights(losses: readonly number[], threshold: number): number[] {
  const gains = losses.map((loss) => Math.max(0, threshold - loss))
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  if (!(mean > 0 && mean < Number.POSITIVE_INFINITY)) return losses.map(() => 1)
  return gains.map((gain) => gain / mean)
}

function hasLoss({ state, value }: TrialView): boolean {
  return (state === 'complete' || state === 'stopped') && Number.isFinite(value)
}
