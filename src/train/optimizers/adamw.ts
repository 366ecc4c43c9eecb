import { type AdamConfig, scaleByAdam } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import type { Transformation } from './transformation.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/** Weight decay: default 0.01, as in PyTorch. */
export interface AdamWConfig extends AdamConfig, WeightDecay {}

/**
 * AdamW, Loshchilov and Hutter, ICLR 2019: u = -lr (m̂ / (√ŝ + ε) + λ w), the decay decoupled from the moments. Agrees
 * with `torch.optim.AdamW`, which decays every parameter.
 */
export function adamw({ learningRate, weightDecay = 0.01, decayMask, ...moments }: AdamWConfig): Transformation {
  return chain(scaleByAdam(moments), addDecayedWeights(weightDecay, decayMask), scaleByLearningRate(learningRate))
}
