import { normalCdf, normalQuantile } from '../../numerics/normal.ts'
import { cellOf } from '../cells.ts'
import { type Distribution, deviations, type Layout } from './distribution.ts'

/**
 * Keeps every value next to the current one of a coarse axis likely enough to be drawn, so that it is never given up while the
 * step size falls below the axis' own (Hamano, Saito, Nomura and Shirakawa, "CMA-ES with margin", arXiv:2205.13482),
 * and likewise every option (CatCMA, arXiv:2405.09962). On a continuous axis the mean stays within a standard deviation of
 * the space, so that a sixth of what is drawn is inside of it.
 * @param population λ: margins are such that about one trial in a generation draws a value beyond one of them
 */
export function withMargin(
  distribution: Distribution,
  { axes, numbers, options }: Layout,
  population: number,
): Distribution {
  // α = 1 / (N λ), as the paper recommends.
  const alpha = 1 / (Math.max(1, numbers.length) * population)
  const widths = deviations(distribution)
  const mean = distribution.mean.slice()
  const stretch = distribution.stretch.slice()
  numbers.forEach((k, i) => {
    const axis = axes[k]
    const [m, width] = [mean[i] ?? 0.5, widths[i] ?? 1]
    if (axis?.kind !== 'ordered' || axis.size < 2) {
      mean[i] = Math.min(1 + width, Math.max(-width, m))
      return
    }
    const { low, high } = cellOf(axis, Math.min(1, Math.max(0, m)))
    if (low <= 0 || high >= 1) {
      // In an end cell: no farther from the edge than the quantile of α.
      const reach = -width * normalQuantile(alpha)
      mean[i] = low <= 0 ? Math.max(m, high - reach) : Math.min(m, low + reach)
      return
    }
    // Between two edges: raise both tails to α / 2, then find the mean and the deviation that have them.
    const below = Math.max(alpha / 2, normalCdf((low - m) / width))
    const above = Math.max(alpha / 2, normalCdf((m - high) / width))
    const within = 1 - normalCdf((low - m) / width) - normalCdf((m - high) / width)
    const excess = (1 - below - above - within) / (below + above + within - (3 * alpha) / 2)
    const down = -normalQuantile(Math.min(0.5, below + excess * (below - alpha / 2)))
    const up = -normalQuantile(Math.min(0.5, above + excess * (above - alpha / 2)))
    if (!(down + up > 0)) return
    mean[i] = (low * up + high * down) / (down + up)
    stretch[i] = ((stretch[i] ?? 1) * (high - low)) / (down + up) / width
  })
  const categories = options.length
  const shares = distribution.shares.map((share) =>
    atLeast(share, (1 - 0.73 ** (1 / categories)) / Math.max(1, share.length - 1)),
  )
  return { ...distribution, mean, stretch, shares }
}

/** Shares raised to a floor, the excess of the others cut in proportion (CatCMA). */
function atLeast(shares: Float64Array, floor: number): Float64Array {
  if (shares.length < 2) return shares
  const raised = shares.map((share) => Math.max(floor, share))
  const sum = raised.reduce((a, b) => a + b, 0)
  const room = sum - shares.length * floor
  return raised.map((share) => share + ((1 - sum) / room) * (share - floor))
}
