import { normalCdf, normalQuantile } from '../../numerics/normal.ts'
import type { Random } from '../../numerics/random.ts'
import type { Point } from '../axes.ts'
import { cellOf } from '../cells.ts'
import { type Distribution, deviations, type Layout } from './distribution.ts'

/**
 * The numbers of a trial before rounding: what its parameters leave open is drawn again from what the distribution says of
 * it, which on average neither widens nor moves the distribution. On a coarse axis that is where in the value's cell it was,
 * at a bound how far beyond it, on an axis that was not active everything.
 */
export function recall(
  distribution: Distribution,
  { axes, numbers }: Layout,
  point: Point,
  random: Random,
): Float64Array {
  const widths = deviations(distribution)
  return Float64Array.from(numbers, (k, i) => {
    const [axis, x] = [axes[k], point[k] ?? Number.NaN]
    const [mean, width] = [distribution.mean[i] ?? 0.5, widths[i] ?? 1]
    if (Number.isNaN(x)) return mean + width * random.normal()
    if (axis?.kind !== 'ordered' && x > 0 && x < 1) return x
    const { low, high } = axis?.kind === 'ordered' ? cellOf(axis, x) : { low: x, high: x }
    // The values at the ends stand for all that is beyond them.
    const from = low <= 0 ? Number.NEGATIVE_INFINITY : (low - mean) / width
    const to = high >= 1 ? Number.POSITIVE_INFINITY : (high - mean) / width
    return mean + width * truncatedNormal(from, to, random.next())
  })
}

/** The standard normal number between `from` and `to` below which a share `u` of those between them is. */
function truncatedNormal(from: number, to: number, u: number): number {
  // In the lower tail, where probabilities are exact.
  if (from > 0) return -truncatedNormal(-to, -from, 1 - u)
  const [low, high] = [normalCdf(from), normalCdf(to)]
  const z = normalQuantile(low + u * (high - low))
  // So far out that all probabilities are 0.
  return Number.isFinite(z) ? Math.min(to, Math.max(from, z)) : Number.isFinite(to) ? to : from
}
