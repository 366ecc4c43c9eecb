import type { Estimate } from '../finding.ts'
import { mapEstimate } from '../map-estimate.ts'

export interface OverheadOptions {
  /** Default 0.2. */
  readonly overhead?: number
  /** The batch size from which steps would fall in proportion. Default 0: the limit of small batches. */
  readonly reference?: number
}

export interface OverheadBatch {
  readonly batchSize: Estimate
  readonly overhead: number
  readonly reference: number
}

/**
 * The batch size at which steps are so much more than if they had fallen in proportion from those of a reference batch size:
 * the critical batch size of Zhang et al. (arXiv 2410.21676), who take 20 % and a batch size that still scales well. On the
 * hyperbola it is (1 + overhead) reference + overhead B_crit: with the limit of small batches for a reference a fifth of B_crit,
 * and the larger the reference, the larger. So it says nothing without its reference.
 */
export function overheadBatch(
  criticalBatch: Estimate,
  { overhead = 0.2, reference = 0 }: OverheadOptions = {},
): OverheadBatch {
  const batchSize = mapEstimate(criticalBatch, (critical) => (1 + overhead) * reference + overhead * critical)
  return { batchSize, overhead, reference }
}
