import { fiellerInterval } from '../../numerics/fieller.ts'
import { agedWeights, meanCovariance } from '../../numerics/mean-covariance.ts'
import { studentQuantile } from '../../numerics/student-t.ts'

/** What one step shows of its gradients. */
export interface GradientNorms {
  /** Mean, over the parts of the batch, of the squared norms of their gradients. */
  readonly ofParts: number
  /** The squared norm of the gradient of the whole batch. */
  readonly ofBatch: number
  /** Rows of a part; where they differ their harmonic mean. */
  readonly partRows: number
  readonly batchRows: number
}

/** Unbiased estimates by one step. Either may be negative. */
export interface NoiseMoments {
  /** |G|²: the squared norm of the true gradient. */
  readonly signal: number
  /** tr Σ: the variance of the gradient of one example, summed over its coordinates. */
  readonly noise: number
}

export interface NoiseEstimate extends NoiseMoments {
  /**
   * tr Σ / |G|², in examples: the batch at which noise and signal are as large as each other. Infinite where the signal is
   * estimated as no more than 0, being lost in the noise; 0 where that is so of the noise.
   */
  readonly noiseScale: number
  /** Ends of its 95% interval. The upper is infinite where the true gradient may be 0. */
  readonly low: number
  readonly high: number
}

/**
 * |G|² and tr Σ from gradients of batches of two sizes b < B: E|G_b|² = |G|² + tr Σ / b, solved for both (McCandlish et al.,
 * arXiv 1812.06162, appendix A.1). Drawn without replacement from D examples, 1 / b becomes 1 / b - 1 / D, and |G|² is that
 * of all of them.
 * @param examples D. Default: infinite
 */
export function noiseMoments(
  { ofParts, ofBatch, partRows, batchRows }: GradientNorms,
  examples = Number.POSITIVE_INFINITY,
): NoiseMoments {
  const [small, big] = [1 / partRows - 1 / examples, 1 / batchRows - 1 / examples]
  return { signal: (small * ofBatch - big * ofParts) / (small - big), noise: (ofParts - ofBatch) / (small - big) }
}

/**
 * The noise scale from the estimates of successive steps. Both moments are averaged, apart from each other, with weights
 * decay^age, which is the exponential moving average with its correction for the beginning; then divided. To average the
 * steps' ratios would be biased without bound.
 *
 * The interval is Fieller's, for the ratio of two means, with the covariance of the two by `meanCovariance`. It is made for
 * moments that are normal after averaging and whose correlation from step to step dies off well within the window.
 * @param steps oldest first
 * @param decay in (0, 1]. Default 0.99: a window of some 200 steps
 */
export function estimateNoiseScale(steps: readonly NoiseMoments[], decay = 0.99): NoiseEstimate {
  const weights = agedWeights(steps.length, decay)
  const mean = (of: (step: NoiseMoments) => number) =>
    steps.reduce((sum, step, i) => sum + (weights[i] ?? 0) * of(step), 0)
  const [noise, signal] = [mean((step) => step.noise), mean((step) => step.signal)]
  const noiseScale = Math.max(0, noise) / Math.max(0, signal)
  const { covariance, degrees } = meanCovariance(
    steps.map((step) => [step.noise, step.signal]),
    weights,
  )
  if (degrees === 0) return { signal, noise, noiseScale, low: 0, high: Number.POSITIVE_INFINITY }
  const [low, high] = fiellerInterval({ means: [noise, signal], covariance }, studentQuantile(degrees, 0.95))
  return { signal, noise, noiseScale, low, high }
}
