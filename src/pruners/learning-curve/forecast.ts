import { normalCdf, normalQuantile } from '../../numerics/normal.ts'
import type { Belief, Fits } from './fit.ts'
import { SHAPE_COUNT } from './shapes.ts'

/** Where a curve will end: a mixture of normal distributions, one a shape. */
export interface Forecast {
  readonly mean: number
  readonly deviation: number
  /** The normal quantile of the probability to end below a loss, within ±8. */
  quantileBelow(loss: number): number
}

/** Each shape counts by what was believed of it and by how well it fits (Bayesian model averaging). */
export function forecast({ means, deviations, likelihoods }: Fits, { shares }: Belief): Forecast {
  const weights = shares.map((share, k) => share * (likelihoods[k] ?? 0))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const expected = (term: (k: number) => number) => {
    let sum = 0
    for (let k = 0; k < SHAPE_COUNT; k++) if ((weights[k] ?? 0) > 1e-9 * all) sum += (weights[k] ?? 0) * term(k)
    return sum / all
  }
  const mean = expected((k) => means[k] ?? 0)
  const variance = expected((k) => (deviations[k] ?? 0) ** 2 + ((means[k] ?? 0) - mean) ** 2)
  return {
    mean,
    deviation: Math.sqrt(variance),
    quantileBelow(loss) {
      const chance = expected((k) => normalCdf((loss - (means[k] ?? 0)) / (deviations[k] ?? 0)))
      return Math.min(8, Math.max(-8, normalQuantile(Math.min(1, chance))))
    },
  }
}
