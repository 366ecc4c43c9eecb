import type { Estimate } from '../finding.ts'
import { ratioOf } from '../ratio.ts'

/** What gradients were measured at. */
export interface MeasuredAt {
  readonly learningRate: number
  readonly batchSize: number
}

export interface NoiseScaleComparison extends MeasuredAt {
  readonly noiseScale: Estimate
  readonly criticalBatch: Estimate
  /** B_simple / B_crit. McCandlish et al. (arXiv 1812.06162) found the two within an order of magnitude. */
  readonly ratio: Estimate
  /** Learning rate over batch size, on which the noise scale depends: measured at a rate that is not tuned it says little. */
  readonly temperature: number
}

/** How well the noise scale, which a single training shows, predicts the critical batch size, which takes a sweep. */
export function compareNoiseScale(
  noiseScale: Estimate,
  criticalBatch: Estimate,
  { learningRate, batchSize }: MeasuredAt,
): NoiseScaleComparison {
  const ratio = ratioOf(noiseScale, criticalBatch)
  return { noiseScale, criticalBatch, ratio, learningRate, batchSize, temperature: learningRate / batchSize }
}
