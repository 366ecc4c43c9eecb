import { fiellerInterval } from '../../numerics/fieller.ts'
import { agedWeights, meanCovariance } from '../../numerics/mean-covariance.ts'
import { studentQuantile } from '../../numerics/student-t.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import type { GradientMoments } from './moments.ts'

export interface NoiseScaleCurve {
  /** By step: parts of training of as many measurements each. */
  readonly points: readonly NoiseScalePoint[]
  /**
   * Mean of the curve over the steps. What the critical batch size of a whole training is compared with: E_min / S_min is
   * an average of the noise scale over steps (McCandlish et al., arXiv 1812.06162).
   */
  readonly average: Estimate
}

export interface NoiseScalePoint {
  /** The first, the mean and the last step of the part. */
  readonly from: number
  readonly step: number
  readonly to: number
  /** Means of |G|² and tr Σ. */
  readonly signal: number
  readonly noise: number
  /** tr Σ / |G|², in examples. Infinite where the signal is lost in the noise; so is its upper end where it may be. */
  readonly noiseScale: Estimate
}

/** An interval takes three measurements; from ten on, their mean is normal enough for it. */
const FEWEST = 3
const FEWEST_IN_PART = 10
/** The average is of longer parts than the curve: the ratio of noisy means is too large on average, by more the shorter they are. */
const MOST_TO_AVERAGE = 5

/**
 * The noise scale B_simple over training. In each part the two moments are averaged apart, then divided, with Fieller's
 * interval and a covariance that allows for measurements correlated in time (`meanCovariance`). Within a part the noise scale is
 * taken to stay as it is.
 * @param measured by ascending step, each from steps of its own: for moving averages see `momentsBetween`
 * @param parts at most. Default 20; fewer where they would have fewer than 10 measurements
 */
export function noiseScaleCurve(measured: readonly GradientMoments[], parts = 20): Finding<NoiseScaleCurve> {
  const finite = measured.filter(({ step, signal, noise }) => Number.isFinite(step + signal + noise))
  if (finite.length < FEWEST) return unknown(`It takes ${FEWEST} finite measurements of the gradient's moments.`)
  const count = Math.max(1, Math.min(parts, Math.floor(finite.length / FEWEST_IN_PART)))
  const averaged = inParts(finite, Math.min(count, MOST_TO_AVERAGE)).map(({ noiseScale }) => noiseScale)
  return known({ points: inParts(finite, count), average: meanOf(averaged) })
}

function inParts(measured: readonly GradientMoments[], count: number): NoiseScalePoint[] {
  const border = (part: number) => Math.round((part * measured.length) / count)
  return Array.from({ length: count }, (_, part) => pointOf(measured.slice(border(part), border(part + 1))))
}

function pointOf(part: readonly GradientMoments[]): NoiseScalePoint {
  const weights = agedWeights(part.length, 1)
  const mean = (of: (each: GradientMoments) => number) => part.reduce((sum, each) => sum + of(each), 0) / part.length
  const [signal, noise] = [mean((each) => each.signal), mean((each) => each.noise)]
  const { covariance, degrees } = meanCovariance(
    part.map((each) => [each.noise, each.signal]),
    weights,
  )
  const [low, high] = fiellerInterval({ means: [noise, signal], covariance }, studentQuantile(degrees, 0.95))
  const value = signal > 0 ? Math.max(0, noise) / signal : Number.POSITIVE_INFINITY
  return {
    from: part[0]?.step ?? 0,
    step: mean(({ step }) => step),
    to: part.at(-1)?.step ?? 0,
    signal,
    noise,
    noiseScale: { value, low, high },
  }
}

/** The mean of independent estimates: distances from value to end add up in squares (Zou and Donner, Stat. Med. 27, 2008). */
function meanOf(estimates: readonly Estimate[]): Estimate {
  const mean = estimates.reduce((sum, { value }) => sum + value, 0) / estimates.length
  const below = Math.hypot(...estimates.map(({ value, low }) => value - low)) / estimates.length
  const above =
    Math.hypot(...estimates.map(({ value, high }) => (high === value ? 0 : high - value))) / estimates.length
  // Lost signals have no value to measure from, and are at least their low ends.
  const least = estimates.reduce((sum, { low }) => sum + low, 0) / estimates.length
  return { value: mean, low: Number.isFinite(mean) ? Math.max(least, mean - below) : least, high: mean + above }
}
