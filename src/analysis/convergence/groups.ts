import { median, quantile } from '../../numerics/quantile.ts'
import { createRandom, type Random } from '../../numerics/random.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'

/** Trials with the same value of a parameter, and what some analysis found of each; Infinity for what was never reached. */
export interface Group {
  readonly name: string
  readonly values: readonly number[]
}

/** A group beside the one with the least median. */
export interface GroupSummary {
  readonly name: string
  readonly count: number
  /** With its 95 % bootstrap interval. */
  readonly median: Finding<Estimate>
  /**
   * The probability that a trial of this group has a smaller value than one of the first group, ties counting half, with its
   * 95 % bootstrap interval; 0.5 if they are alike. Unknown for the first group itself.
   */
  readonly ahead: Finding<Estimate>
}

/** With fewer the bootstrap cannot reach the ends of the interval: of 5, 6 % of resamples miss both extremes. */
const LEAST = 6
const RESAMPLES = 499

/**
 * Groups compared by medians and by how often a trial of one beats a trial of another, least median first (those without one
 * last); both are defined where trials missed the target. Percentile intervals of resampled trials; they do not know of trials
 * that were chosen by earlier ones, nor that a parameter was tuned better in one group.
 * @param seed of the resampling
 */
export function compareGroups(groups: readonly Group[], seed = 0): GroupSummary[] {
  const all = groups
    .map(({ name, values }) => ({ name, values, median: median(values) }))
    .filter(({ values }) => values.length > 0)
    .sort((a, b) => (a.median === b.median ? (a.name < b.name ? -1 : 1) : a.median - b.median))
  const [first] = all
  return all.map((group) => {
    const random = createRandom(seed, 0, `group/${group.name}`)
    const { name, values } = group
    return {
      name,
      count: values.length,
      median: estimate([values], random, ([own = []]) => median(own)),
      ahead:
        !first || group === first
          ? unknown('The first group is what the others are compared with.')
          : estimate([values, first.values], random, ([own = [], other = []]) => aheadOf(own, other)),
    }
  })
}

function estimate(
  samples: readonly (readonly number[])[],
  random: Random,
  statistic: (samples: readonly (readonly number[])[]) => number,
): Finding<Estimate> {
  const fewest = Math.min(...samples.map(({ length }) => length))
  if (fewest < LEAST) return unknown(`${fewest} trials are too few for an interval; ${LEAST} are needed.`)
  const draws = Array.from({ length: RESAMPLES }, () =>
    statistic(samples.map((sample) => sample.map(() => sample[random.int(sample.length)] ?? Number.NaN))),
  ).sort((a, b) => a - b)
  return known({ value: statistic(samples), low: quantile(draws, 0.025), high: quantile(draws, 0.975) })
}

/** By ranks: a merge of both, in the order of their values. */
function aheadOf(own: readonly number[], other: readonly number[]): number {
  const sorted = [...other].sort((a, b) => a - b)
  let wins = 0
  for (const value of own)
    wins += sorted.length - (countBelow(sorted, value, true) + countBelow(sorted, value, false)) / 2
  return wins / (own.length * other.length)
}

function countBelow(sorted: readonly number[], value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const isBelow = orEqual ? (sorted[middle] ?? 0) <= value : (sorted[middle] ?? 0) < value
    if (isBelow) low = middle + 1
    else high = middle
  }
  return low
}
