import type { AdamConfig } from './adam.ts'
import { scaleByAdam } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import type { Mask } from './parts/mask.ts'
import type { Transformation } from './transformation.ts'
import { scaleByTrustRatio } from './transformations/trust-ratio.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/** ε: default 1e-6. Weight decay: default 0. */
export interface LambConfig extends AdamConfig, WeightDecay {
  /** What has a rate of its own. Default: every parameter. */
  readonly trustMask?: Mask
}

/**
 * LAMB, You et al., ICLR 2020, algorithm 2: u = m̂ / (√ŝ + ε) + λ w of each tensor to the length of the tensor, times the
 * learning rate. Agrees with `optax.lamb`.
 */
export function lamb(config: LambConfig): Transformation {
  const { learningRate, weightDecay = 0, decayMask, trustMask, epsilon = 1e-6, ...betas } = config
  return chain(
    scaleByAdam({ epsilon, ...betas }),
    addDecayedWeights(weightDecay, decayMask),
    scaleByTrustRatio(trustMask && { mask: trustMask }),
    scaleByLearningRate(learningRate),
  )
}
