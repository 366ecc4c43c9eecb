import { lossOf } from '../../samplers/observations.ts'
import type { StudyView } from '../../study/view.ts'
import { type Finding, known, unknown } from '../finding.ts'
import { judge } from '../judged.ts'

/** What the best of `k` of a study's trials is, over all ways to choose them. Of the metric, not turned. */
export interface BestOfK {
  readonly k: number
  /** Mean and standard deviation over the choices that have a trial with a value. */
  readonly expected: number
  readonly deviation: number
  /** The middle 95 % of all choices, `low` at most `high`; infinite at the bad end where more have no value at all. */
  readonly low: number
  readonly median: number
  readonly high: number
  /** The share of the choices in which no trial has a value. */
  readonly none: number
}

const LEVELS = [0.025, 0.5, 0.975]

/**
 * How lucky a search was: the distribution of the best of k of its n trials, drawn without replacement, for each of `counts`.
 * In closed form, as the i-th best is the best of the k with probability C(n - i, k - 1) / C(n, k): the unbiased estimator of
 * the best of k new trials, where trials are independent (Dodge et al., EMNLP 2019, with the bias taken out as by Tang et al.,
 * ACL 2020). Its variance is that of choosing: near k = n it is small because the choices share their trials, not because a
 * search of n trials would find the same again. Infeasible trials count as tried and worse than any other, failed ones do
 * not count. For samplers that learn, trials are neither independent nor alike: then it says what the trials that were made
 * would have given in another order, not what a shorter search would find.
 * @param counts whole numbers from 1 to n; others are left out
 */
export function bestOfK(view: StudyView, counts: readonly number[]): Finding<readonly BestOfK[]> {
  const { trials, leftOut } = judge(view)
  const tried = trials.length + leftOut.infeasible
  if (trials.length === 0) return unknown('No trial has a value.')
  if (tried < 2) return unknown('A single trial has no luck to speak of.')
  const losses = trials.map(({ y }) => y).sort((a, b) => a - b)
  const back = (loss: number) => lossOf(view.goal, loss)
  return known(
    counts
      .filter((k) => Number.isInteger(k) && k >= 1 && k <= tried)
      .map((k) => {
        const { expected, deviation, quantiles, none } = ofSorted(losses, tried, k)
        const [first = 0, median = 0, last = 0] = quantiles.map(back)
        return {
          k,
          expected: back(expected),
          deviation,
          low: Math.min(first, last),
          median,
          high: Math.max(first, last),
          none,
        }
      }),
  )
}

function ofSorted(losses: readonly number[], tried: number, k: number) {
  // Counted from the best, so that squares do not cancel.
  const origin = losses[0] ?? 0
  let chance = k / tried
  let [sum, square, reached] = [0, 0, 0]
  const quantiles: number[] = []
  for (const [index, loss] of losses.entries()) {
    sum += chance * (loss - origin)
    square += chance * (loss - origin) ** 2
    reached += chance
    while (quantiles.length < LEVELS.length && reached >= (LEVELS[quantiles.length] ?? 1) - 1e-12) quantiles.push(loss)
    chance *= Math.max(0, tried - index - k) / Math.max(1, tried - index - 1)
  }
  while (quantiles.length < LEVELS.length) quantiles.push(Number.POSITIVE_INFINITY)
  const mean = sum / reached
  return {
    expected: origin + mean,
    deviation: Math.sqrt(Math.max(0, square / reached - mean * mean)),
    quantiles,
    none: 1 - reached < 1e-12 ? 0 : 1 - reached,
  }
}
