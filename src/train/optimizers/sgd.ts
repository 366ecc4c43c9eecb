import { chain } from './chain.ts'
import { type Schedule, scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import type { Transformation } from './transformation.ts'

export interface SgdConfig {
  readonly learningRate: number | Schedule
  /** μ in [0, 1). Default 0: plain gradient descent. */
  readonly momentum?: number
  /** Default false. */
  readonly nesterov?: boolean
}

/** Stochastic gradient descent: v ← μ v + g, w ← w - lr v. Agrees with `torch.optim.SGD`. */
export function sgd({ learningRate, momentum = 0, nesterov = false }: SgdConfig): Transformation {
  const step = scaleByLearningRate(learningRate)
  return momentum === 0 ? step : chain(scaleByMomentum(momentum, nesterov), step)
}
