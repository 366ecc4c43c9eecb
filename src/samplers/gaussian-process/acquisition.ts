import { dot } from '../../numerics/dots.ts'
import { logExpectedImprovement } from './expected-improvement.ts'
import { variance } from './kernel.ts'
import type { Posterior } from './posterior.ts'
import { type Surface, surfaceOf } from './surface.ts'

/** What may have come of the trials without an outcome. */
export interface Fantasies {
  /** Standard normal numbers, `pending` for each fantasy. */
  readonly draws: Float64Array
  readonly pending: number
  /** The best value in each fantasy. */
  readonly best: Float64Array
}

/** Below this part of the prior variance a variance is rounding error. */
const LEAST_VARIANCE = 1e-14

/**
 * The logarithm of the expected improvement, averaged over fantasies of the pending rows, which are the last ones of the
 * posterior. Given v = L⁻¹ k a fantasy costs a product of as many numbers as are pending: its mean is v · (L⁻¹ z, ε).
 * @param white L⁻¹ z of the rows that are not pending
 */
export function improvementSurface(posterior: Posterior, white: Float64Array, fantasies: Fantasies): Surface {
  const { kernel, count } = posterior
  const n = white.length
  const { draws, pending, best } = fantasies
  const by = new Float64Array(2)
  const logs = new Float64Array(best.length)
  const byMean = new Float64Array(best.length)
  const byDeviation = new Float64Array(best.length)
  const prior = variance(kernel)
  return surfaceOf(posterior, (v, at, slopes) => {
    const left = prior - dot(v, at, v, at, 0, count)
    const deviation = Math.sqrt(Math.max(left, LEAST_VARIANCE * prior))
    const base = dot(v, at, white, 0, 0, n)
    let top = Number.NEGATIVE_INFINITY
    for (let f = 0; f < best.length; f++) {
      const mean = base + dot(v, at + n, draws, f * pending, 0, pending)
      logs[f] = logExpectedImprovement(mean, deviation, best[f] ?? 0, by)
      byMean[f] = by[0] ?? 0
      byDeviation[f] = by[1] ?? 0
      top = Math.max(top, logs[f] ?? 0)
    }
    let total = 0
    for (let f = 0; f < best.length; f++) total += Math.exp((logs[f] ?? 0) - top)
    if (slopes) {
      slopes.fill(0)
      let meanSlope = 0
      let deviationSlope = 0
      for (let f = 0; f < best.length; f++) {
        const weight = Math.exp((logs[f] ?? 0) - top) / total
        const slope = weight * (byMean[f] ?? 0)
        meanSlope += slope
        deviationSlope += weight * (byDeviation[f] ?? 0)
        for (let p = 0; p < pending; p++) slopes[n + p] = (slopes[n + p] ?? 0) + slope * (draws[f * pending + p] ?? 0)
      }
      const bySquare = left > LEAST_VARIANCE * prior ? -deviationSlope / deviation : 0
      for (let i = 0; i < n; i++) slopes[i] = meanSlope * (white[i] ?? 0)
      for (let i = 0; i < count; i++) slopes[i] = (slopes[i] ?? 0) + bySquare * (v[at + i] ?? 0)
    }
    return top + Math.log(total / best.length)
  })
}
