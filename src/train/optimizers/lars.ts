import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import { everyParameter, type Mask } from './parts/mask.ts'
import type { Transformation } from './transformation.ts'
import { scaleByTrustRatio } from './transformations/trust-ratio.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

/** Weight decay: default 0. */
export interface LarsConfig extends WeightDecay {
  readonly learningRate: number | Schedule
  /** In [0, 1). Default 0.9. */
  readonly momentum?: number | Schedule
  /** Default false. */
  readonly nesterov?: boolean
  /** Step of a tensor relative to its norm, at learning rate 1. Default 0.001. */
  readonly trustCoefficient?: number
  /** Added to the norm of the gradient. Default 0. */
  readonly epsilon?: number
  /** What has a rate of its own. Default: every parameter. */
  readonly trustMask?: Mask
}

/**
 * LARS, You et al., arXiv 1708.03888: g ← g + λ w, v ← μ v + lr trust |w| / |g| g, w ← w - v. The norm is that of the
 * decayed gradient, as in `optax.lars`, with which it agrees; the paper has |g| + λ |w|, and so has `larc`.
 */
export function lars(config: LarsConfig): Transformation {
  const { learningRate, momentum = 0.9, nesterov = false, weightDecay = 0, decayMask } = config
  const { trustCoefficient = 0.001, epsilon = 0, trustMask = everyParameter } = config
  return chain(
    addDecayedWeights(weightDecay, decayMask),
    scaleByTrustRatio({ coefficient: trustCoefficient, epsilon, mask: trustMask }),
    scaleByLearningRate(learningRate),
    scaleByMomentum(momentum, nesterov),
  )
}
