/**
 * Losses for a process to be fitted to: what is far worse than the rest is cut off at Tukey's fence, 1.5 interquartile ranges
 * above the upper quartile, so that one diverged trial does not flatten all others. What could not be evaluated (NaN) counts
 * as the worst that is left.
 */
export function tame(losses: readonly number[]): Float64Array {
  const sorted = losses.filter((loss) => !Number.isNaN(loss)).sort((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  const fence = quantile(0.75) + 1.5 * (quantile(0.75) - quantile(0.25))
  const worst = Math.min(fence, sorted.at(-1) ?? 0)
  return Float64Array.from(losses, (loss) => (Number.isNaN(loss) ? worst : Math.min(loss, worst)))
}
