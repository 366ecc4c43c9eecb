import { median } from '../../numerics/quantile.ts'

/** y = level + slope f, fitted under noise of which neighbours are correlated. */
export interface CorrelatedLine {
  readonly level: number
  readonly slope: number
  /** What the fit leaves: the sum of squares of residuals that are no longer correlated. */
  readonly squares: number
  /** Variances of the estimates and their covariance, in units of the noise's variance. */
  readonly levelVariance: number
  readonly slopeVariance: number
  readonly covariance: number
  /** The logarithm of the determinant of the noise's correlation matrix. */
  readonly logDeterminant: number
}

/** Of the noise of neighbours; that of points further apart falls with their distance, as in an AR(1) process. */
export const CORRELATIONS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]

/** Distances between neighbours, in units of the median one. The first is of no use. */
export function gapsOf(steps: Float64Array): Float64Array {
  const gaps = steps.map((step, i) => (i === 0 ? 0 : step - (steps[i - 1] ?? 0)))
  const usual = median([...gaps.subarray(1)])
  return gaps.map((gap) => gap / usual)
}

/** The correlation of neighbours at a distance, for each gap. */
export function correlationsOf(gaps: Float64Array, correlation: number): Float64Array {
  return gaps.map((gap) => (correlation === 0 ? 0 : correlation ** gap))
}

/**
 * Generalized least squares of y on 1 and f, by the regression of what is left of each point after its neighbour has been
 * used to foretell it (Prais and Winsten, 1954). Undefined where f is constant.
 * @param correlations from `correlationsOf`
 */
export function fitCorrelatedLine(
  f: Float64Array,
  y: Float64Array,
  correlations: Float64Array,
): CorrelatedLine | undefined {
  const n = y.length
  const [f0, y0] = [meanOf(f), meanOf(y)]
  let [oo, of, ff, oy, fy, logDeterminant] = [0, 0, 0, 0, 0, 0]
  const scales = correlations.map((phi) => 1 / Math.sqrt(1 - phi * phi))
  for (let i = 0; i < n; i++) {
    const phi = i === 0 ? 0 : (correlations[i] ?? 0)
    const scale = i === 0 ? 1 : (scales[i] ?? 1)
    const one = (1 - phi) * scale
    const x = ((f[i] ?? 0) - f0 - phi * ((f[i - 1] ?? f0) - f0)) * scale
    const z = ((y[i] ?? 0) - y0 - phi * ((y[i - 1] ?? y0) - y0)) * scale
    oo += one * one
    of += one * x
    ff += x * x
    oy += one * z
    fy += x * z
    logDeterminant -= 2 * Math.log(scale)
  }
  const determinant = oo * ff - of * of
  if (!(determinant > 1e-12 * oo * ff)) return undefined
  const slope = (oo * fy - of * oy) / determinant
  const height = (oy - of * slope) / oo
  let squares = 0
  let before = 0
  for (let i = 0; i < n; i++) {
    // Not from the sums above: where the fit is exact, their difference is rounding.
    const residual = (y[i] ?? 0) - y0 - height - slope * ((f[i] ?? 0) - f0)
    const phi = i === 0 ? 0 : (correlations[i] ?? 0)
    squares += ((residual - phi * before) * (i === 0 ? 1 : (scales[i] ?? 1))) ** 2
    before = residual
  }
  const [heightVariance, slopeVariance, together] = [ff / determinant, oo / determinant, -of / determinant]
  return {
    level: y0 + height - slope * f0,
    slope,
    squares,
    levelVariance: heightVariance - 2 * f0 * together + f0 * f0 * slopeVariance,
    slopeVariance,
    covariance: together - f0 * slopeVariance,
    logDeterminant,
  }
}

/**
 * -2 times the logarithm of the restricted likelihood, but for a constant: its least value tells the correlation with less
 * bias than the residuals do, which a fit makes look less correlated than the noise was (Patterson and Thompson, 1971).
 * @param degrees points less what was fitted
 */
export function restrictedDeviance(line: CorrelatedLine, degrees: number): number {
  const { levelVariance, slopeVariance, covariance, squares, logDeterminant } = line
  const information = Math.log(levelVariance * slopeVariance - covariance ** 2)
  return degrees * Math.log(squares) + logDeterminant - information
}

function meanOf(numbers: Float64Array): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}
