/** The strategy parameters of Hansen's tutorial, table 1, by its names. */
export interface Parameters {
  /** By rank, best first: the first half sum to 1, the others are negative. */
  readonly weights: Float64Array
  /** How many weights are positive. */
  readonly parents: number
  /** The variance effective selection mass μ_eff. */
  readonly mass: number
  readonly cSigma: number
  readonly dSigma: number
  readonly cCovariance: number
  readonly c1: number
  readonly cMu: number
  /** The expected length of a standard normal vector. */
  readonly length: number
}

/** The number of trials in a generation: tutorial, eq. 48. */
export function populationFor(dimensions: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, dimensions)))
}

/**
 * @param n how many coordinates there are
 * @param population λ, how many trials a generation has
 */
export function parametersFor(n: number, population: number): Parameters {
  const raw = Float64Array.from({ length: population }, (_, i) => Math.log((population + 1) / 2) - Math.log(i + 1))
  const parents = Math.max(1, Math.floor(population / 2))
  const mass = selectionMass(raw.subarray(0, parents))
  const negativeMass = selectionMass(raw.subarray(parents))
  const c1 = 2 / ((n + 1.3) ** 2 + mass)
  const cMu = Math.min(1 - c1, (2 * (0.25 + mass + 1 / mass - 2)) / ((n + 2) ** 2 + mass))
  // Eqs. 49 to 53: the negative weights sum to as much as keeps the covariance positive definite.
  const negative = Math.min(1 + c1 / cMu, 1 + (2 * negativeMass) / (mass + 2), (1 - c1 - cMu) / (n * cMu))
  const sumOf = (sign: number) => raw.reduce((sum, w) => sum + Math.max(0, sign * w), 0) || 1
  const [above, below] = [sumOf(1), sumOf(-1)]
  const cSigma = (mass + 2) / (n + mass + 5)
  return {
    weights: raw.map((w) => (w >= 0 ? w / above : (negative * w) / below)),
    parents,
    mass,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + cSigma,
    cCovariance: (4 + mass / n) / (n + 4 + (2 * mass) / n),
    c1,
    cMu,
    length: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  }
}

function selectionMass(weights: Float64Array): number {
  const sum = weights.reduce((total, w) => total + w, 0)
  const squares = weights.reduce((total, w) => total + w * w, 0)
  return squares > 0 ? (sum * sum) / squares : 0
}
