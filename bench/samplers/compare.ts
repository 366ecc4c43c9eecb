import { type Contest, type Entry, medianAt } from './result.ts'

/** A sampler of ours beside the best of Optuna's on one subject. */
export interface Comparison {
  readonly subject: string
  readonly ours: number
  readonly theirs: number
  /** The one of Optuna's that was best. */
  readonly peer: string
  /** Ours as a share of theirs, both no less than the floor. */
  readonly ratio: number
  /** Ours is the better one, or both are at the floor. */
  readonly wins: boolean
}

/**
 * Compares medians after so many trials, where both took part.
 * @param sampler of ours
 * @param floor below which a difference is none
 * @param peers of Optuna's; default: all that took part
 */
export function compare(
  contests: readonly Contest[],
  sampler: string,
  trial: number,
  floor: number,
  peers?: readonly string[],
): Comparison[] {
  return contests.flatMap(({ subject, entries }) => {
    const entry = entries.find((one) => one.by === 'dynotune' && one.sampler === sampler)
    const best = entries
      .filter((one) => one.by === 'Optuna' && (peers?.includes(one.sampler) ?? true))
      .reduce<Entry | undefined>((a, b) => (a && medianAt(a, trial) <= medianAt(b, trial) ? a : b), undefined)
    if (!entry || !best) return []
    const [ours, theirs] = [medianAt(entry, trial), medianAt(best, trial)]
    const ratio = Math.max(floor, ours) / Math.max(floor, theirs)
    return [
      { subject, ours, theirs, peer: best.sampler, ratio, wins: ours < theirs || (ours <= floor && theirs <= floor) },
    ]
  })
}

/** The geometric mean of the ratios, each first held within `limit` times either way. */
export function meanRatio(comparisons: readonly Comparison[], limit = Number.POSITIVE_INFINITY): number {
  const logs = comparisons.map(({ ratio }) => Math.log(Math.min(limit, Math.max(1 / limit, ratio))))
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
}
