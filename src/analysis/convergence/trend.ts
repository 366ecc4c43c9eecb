import { studentQuantile } from '../../numerics/student-t.ts'
import type { Estimate } from '../finding.ts'
import {
  CORRELATIONS,
  type CorrelatedLine,
  correlationsOf,
  fitCorrelatedLine,
  gapsOf,
  restrictedDeviance,
} from './correlated-line.ts'
import type { Losses } from './curve.ts'

/** How much a part of a curve rises or falls. */
export interface Trend {
  /** From its first point to its last, along a straight line: negative where the loss falls. With its 95 % interval. */
  readonly change: Estimate
  /** The loss in its middle, with its 95 % interval. */
  readonly level: Estimate
  /** Standard deviation of a point about the line. */
  readonly noise: number
  /** Of the noise of neighbours. */
  readonly correlation: number
}

/** Relative to the losses. */
const ROUNDING = 1e-14

/**
 * The trend of a part of a curve, in steps, whose noise may be correlated from point to point: generalized least squares under
 * AR(1) noise, its correlation by restricted likelihood. Intervals average over the correlations that the data allow.
 * @param losses at least 4 points
 */
export function trendOf({ steps, losses }: Losses): Trend {
  const gaps = gapsOf(steps)
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0]
  const places = steps.map((step) => (step - first) / (last - first) - 0.5)
  const degrees = losses.length - 2
  // What rounding leaves of points on a line is no noise to judge a trend by.
  const rounding = losses.reduce((sum, loss) => sum + (ROUNDING * loss) ** 2, Number.MIN_VALUE)
  const fits = CORRELATIONS.flatMap((correlation) => {
    const fit = fitCorrelatedLine(places, losses, correlationsOf(gaps, correlation))
    const line = fit && { ...fit, squares: Math.max(rounding, fit.squares) }
    return line ? [{ line, correlation, deviance: restrictedDeviance(line, degrees) }] : []
  })
  const least = fits.reduce((a, b) => Math.min(a, b.deviance), Number.POSITIVE_INFINITY)
  const weights = fits.map(({ deviance }) => Math.exp((least - deviance) / 2))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const meanOf = (term: (line: CorrelatedLine, correlation: number) => number) =>
    fits.reduce((sum, { line, correlation }, i) => sum + ((weights[i] ?? 0) / total) * term(line, correlation), 0)
  const t = studentQuantile(degrees, 0.95)
  const estimate = (of: (line: CorrelatedLine) => number, varianceOf: (line: CorrelatedLine) => number): Estimate => {
    const value = meanOf(of)
    const width = t * Math.sqrt(meanOf((line) => (varianceOf(line) * line.squares) / degrees + (of(line) - value) ** 2))
    return { value, low: value - width, high: value + width }
  }
  return {
    change: estimate(
      ({ slope }) => slope,
      ({ slopeVariance }) => slopeVariance,
    ),
    level: estimate(
      ({ level }) => level,
      ({ levelVariance }) => levelVariance,
    ),
    noise: Math.sqrt(meanOf(({ squares }) => squares / degrees)),
    correlation: meanOf((_, correlation) => correlation),
  }
}
