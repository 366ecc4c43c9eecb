import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import type { Transformation } from './transformation.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

export interface SgdConfig extends WeightDecay {
  readonly learningRate: number | Schedule
  /** μ in [0, 1). Default 0: plain gradient descent. */
  readonly momentum?: number | Schedule
  /** Default false. */
  readonly nesterov?: boolean
  /**
   * Multiplies gradients by the learning rate before they are gathered (Keras, TensorFlow) instead of what has been
   * gathered (PyTorch): the two differ once the rate changes. Default false.
   */
  readonly rateInside?: boolean
}

/**
 * Stochastic gradient descent: g ← g + λ w, v ← μ v + g, w ← w - lr v; with the rate inside v ← μ v + lr g, w ← w - v.
 * The decay is coupled: an L2 penalty. Agrees with `torch.optim.SGD`.
 * @throws DynotuneError `optimizer.invalid`
 */
export function sgd(config: SgdConfig): Transformation {
  const { learningRate, momentum = 0, nesterov = false, rateInside = false, weightDecay = 0, decayMask } = config
  const decay = addDecayedWeights(weightDecay, decayMask)
  const step = scaleByLearningRate(learningRate)
  if (momentum === 0) return chain(decay, step)
  const gather = scaleByMomentum(momentum, nesterov)
  return rateInside ? chain(decay, step, gather) : chain(decay, gather, step)
}
