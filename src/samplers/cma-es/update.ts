import { type Distribution, decompose, type Layout, whiten } from './distribution.ts'
import { type Parameters, parametersFor } from './parameters.ts'

/** What became of a trial: its numbers before rounding, and its options by unordered axis (NaN: not active). */
export interface Told {
  readonly numbers: Float64Array
  readonly options: Float64Array
}

/**
 * A distribution after a generation, by the equations of Hansen, "The CMA evolution strategy: a tutorial" (arXiv:1604.00772),
 * figure 6, negative weights included.
 * @param told the generation's trials, best first; may be fewer than were drawn
 */
export function update(distribution: Distribution, { axes, options }: Layout, told: readonly Told[]): Distribution {
  const { mean, step, stretch, age } = distribution
  const n = mean.length
  if (told.length < 2) return distribution
  const parameters = parametersFor(Math.max(1, n), told.length)
  const shares = distribution.shares.map((share, i) =>
    learned(share, told, parameters, i, axes[options[i] ?? 0]?.size ?? 1),
  )
  if (n === 0) return { ...distribution, shares, age: age + 1 }

  const { weights, parents, mass, cSigma, dSigma, cCovariance, c1, cMu, length } = parameters
  const whites: Float64Array[] = []
  const moves = told.map(({ numbers }) => {
    const y = numbers.map((x, i) => (x - (mean[i] ?? 0)) / (step * (stretch[i] ?? 1)))
    // Trials that were drawn from elsewhere do not tear the distribution apart (Hansen, "Injecting external solutions into
    // CMA-ES", arXiv:1110.4181).
    const white = whiten(distribution, y)
    const limit = Math.min(1, (Math.sqrt(n) + (2 * n) / (n + 2)) / norm(white))
    whites.push(white.map((v) => v * limit))
    return y.map((v) => v * limit)
  })

  // Eqs. 41 and 42: the mean.
  const move = new Float64Array(n)
  for (let r = 0; r < parents; r++) {
    for (let i = 0; i < n; i++) move[i] = (move[i] ?? 0) + (weights[r] ?? 0) * (moves[r]?.[i] ?? 0)
  }
  // Eqs. 43 and 44: the step size.
  const fresh = Math.sqrt(cSigma * (2 - cSigma) * mass)
  const white = whiten(distribution, move)
  const stepPath = distribution.stepPath.map((p, i) => (1 - cSigma) * p + fresh * (white[i] ?? 0))
  const lengthened = norm(stepPath) / length
  // Eqs. 45 to 47: the covariance. h stalls the path while the step size grows fast.
  const h = lengthened < (1.4 + 2 / (n + 1)) * Math.sqrt(1 - (1 - cSigma) ** (2 * (age + 1))) ? 1 : 0
  const freshPath = h * Math.sqrt(cCovariance * (2 - cCovariance) * mass)
  const path = distribution.covariancePath.map((p, i) => (1 - cCovariance) * p + freshPath * (move[i] ?? 0))
  const scaled = Array.from(weights, (w, r) => (w >= 0 ? w : (w * n) / (norm(whites[r] ?? path) ** 2 || 1)))
  const sum = weights.reduce((total, w) => total + w, 0)
  const kept = 1 + c1 * (1 - h) * cCovariance * (2 - cCovariance) - c1 - cMu * sum
  const covariance = distribution.covariance.map((c, index) => {
    const [i, j] = [Math.floor(index / n), index % n]
    let selected = 0
    for (let r = 0; r < moves.length; r++) {
      selected += (scaled[r] ?? 0) * (moves[r]?.[i] ?? 0) * (moves[r]?.[j] ?? 0)
    }
    return kept * c + c1 * (path[i] ?? 0) * (path[j] ?? 0) + cMu * selected
  })
  return {
    mean: mean.map((m, i) => m + step * (stretch[i] ?? 1) * (move[i] ?? 0)),
    // At most e times as large at once, and never wider than the space.
    step: Math.min(1, step * Math.exp(Math.min(1, (cSigma / dSigma) * (lengthened - 1)))),
    covariance,
    ...decompose(covariance, n),
    stretch,
    stepPath,
    covariancePath: path,
    shares,
    age: age + 1,
  }
}

/**
 * Shares moved towards what the better half has, along the natural gradient (CatCMA, arXiv:2405.09962). The paper adapts
 * the rate over hundreds of generations; this fixed one, μ_eff / (μ_eff + 2 K), has settled an optimizer in ten: on mixhpo8 at
 * 100 trials a factor of 2 gave a median of 0.14 over 25 seeds, 4 gave 0.17 and 8 gave 0.22.
 */
function learned(
  share: Float64Array,
  told: readonly Told[],
  { weights, parents, mass }: Parameters,
  axis: number,
  size: number,
): Float64Array {
  const rate = mass / (mass + 2 * size)
  const next = share.slice()
  for (let r = 0; r < parents; r++) {
    const option = told[r]?.options[axis] ?? Number.NaN
    if (Number.isNaN(option)) continue
    for (let k = 0; k < size; k++) {
      next[k] = (next[k] ?? 0) + rate * (weights[r] ?? 0) * ((k === option ? 1 : 0) - (share[k] ?? 0))
    }
  }
  return next
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0))
}
