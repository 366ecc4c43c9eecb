import { type Expression, sign } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { movingAverage } from './parts/moving-average.ts'
import { type Transformation, zeros, zip } from './transformation.ts'
import { addDecayedWeights, type WeightDecay } from './transformations/weight-decay.ts'

interface Betas {
  /** Of the mean that gives the step, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Of the mean that is kept, in [0, 1). Default 0.99. */
  readonly beta2?: number
}

export interface LionConfig extends WeightDecay, Betas {
  /** Every element moves by it: a third to a tenth of Adam's, with a decay as much larger. */
  readonly learningRate: number | Schedule
}

/** Lion, Chen et al., NeurIPS 2023, algorithm 2, with decoupled decay. Agrees with `optax.lion`. */
export function lion({ learningRate, weightDecay = 0, decayMask, ...betas }: LionConfig): Transformation {
  return chain(scaleByLion(betas), addDecayedWeights(weightDecay, decayMask), scaleByLearningRate(learningRate))
}

/**
 * u = sign(β₁ m + (1-β₁) g), then m ← β₂ m + (1-β₂) g.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByLion({ beta1 = 0.9, beta2 = 0.99 }: Betas = {}): Transformation<Expression[]> {
  checkRange('lion.beta1', beta1, '[0, 1)')
  checkRange('lion.beta2', beta2, '[0, 1)')
  return {
    init: zeros,
    update: (gradients, mean) => ({
      updates: zip(mean, gradients, (m, g) => sign(movingAverage(m, g, beta1))),
      state: zip(mean, gradients, (m, g) => movingAverage(m, g, beta2)),
    }),
  }
}
