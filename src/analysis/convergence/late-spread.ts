import { normalQuantile } from '../../numerics/normal.ts'
import { type Estimate, type Finding, known } from '../finding.ts'
import { stepNoise } from './course.ts'
import { after, lossesOf, type Point } from './curve.ts'

/** A quarter has as many points. */
const LEAST_POINTS = 16

/**
 * The spread of a metric from one report to the next in the last quarter of a curve, with its 95 % interval (for noise that is
 * not correlated from report to report). A checkpoint chosen there is better than the training by about as much, and by luck.
 * @param points by ascending step
 */
export function lateSpread(points: readonly Point[]): Finding<Estimate> {
  const found = lossesOf(points, 'minimize', LEAST_POINTS)
  if (!found.known) return found
  const all = found.value.losses.length
  const { losses } = after(found.value, Math.floor(0.75 * all))
  const n = losses.length
  const spread = stepNoise(losses)
  // Neighbouring differences share a point, so that they tell as much as fewer would that do not.
  const degrees = (2 * (n - 1) ** 2) / (3 * n - 4)
  const endAt = (z: number) => spread / Math.sqrt(chiSquareShare(degrees, z))
  return known({ value: spread, low: endAt(normalQuantile(0.975)), high: endAt(normalQuantile(0.025)) })
}

/** A quantile of chi-square over its degrees of freedom (Wilson and Hilferty, PNAS 17, 1931). */
function chiSquareShare(degrees: number, z: number): number {
  const unit = 2 / (9 * degrees)
  return Math.max(1e-3, 1 - unit + z * Math.sqrt(unit)) ** 3
}
