import { add, div, type Expression, mul, sqrt, square } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { movingAverage } from './parts/moving-average.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export interface AdadeltaConfig {
  /** Default 1, as in the paper and PyTorch. */
  readonly learningRate?: number | Schedule
  /** ρ in [0, 1). Default 0.9. */
  readonly decay?: number
  /** Added within both roots, above 0; the first steps are of its size. Default 1e-6. */
  readonly epsilon?: number
}

/** Moving averages of squared gradients and of squared steps. */
export type AdadeltaState = { square: Expression[]; steps: Expression[] }

/** AdaDelta, Zeiler, arXiv 1212.5701, algorithm 1. Agrees with `torch.optim.Adadelta`. */
export function adadelta({ learningRate = 1, ...config }: AdadeltaConfig = {}): Transformation {
  return chain(scaleByAdadelta(config), scaleByLearningRate(learningRate))
}

/**
 * s ← ρ s + (1-ρ) g², u = √(d + ε) / √(s + ε) g, d ← ρ d + (1-ρ) u².
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByAdadelta(config: Omit<AdadeltaConfig, 'learningRate'> = {}): Transformation<AdadeltaState> {
  const { decay = 0.9, epsilon = 1e-6 } = config
  checkRange('adadelta.decay', decay, '[0, 1)')
  checkRange('adadelta.epsilon', epsilon, '(0, ∞)')
  return {
    init: (params) => ({ square: zeros(params), steps: zeros(params) }),
    update(gradients, before) {
      const squares = zip(before.square, gradients, (s, g) => movingAverage(s, square(g), decay))
      const ratios = zip(before.steps, squares, (d, s) => div(sqrt(add(d, epsilon)), sqrt(add(s, epsilon))))
      const updates = zip(ratios, gradients, mul)
      const steps = zip(before.steps, updates, (d, u) => movingAverage(d, square(u), decay))
      return { updates, state: { square: squares, steps } }
    },
  }
}
