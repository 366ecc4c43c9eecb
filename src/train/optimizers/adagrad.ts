import { add, div, type Expression, fill, square } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { dampedRoot } from './parts/damped-root.ts'
import { type Transformation, zip } from './transformation.ts'

export interface AdagradConfig {
  readonly learningRate: number | Schedule
  /** What a begins with, at least 0. Default 0 as in PyTorch; Keras and TensorFlow have 0.1. */
  readonly initialAccumulator?: number
  /** At least 0. Default 1e-10; Keras has 1e-7. */
  readonly epsilon?: number
  /** √(a + ε) as in Keras instead of √a + ε. Default false. */
  readonly epsilonInside?: boolean
}

/** AdaGrad, Duchi et al., JMLR 12 (2011). Agrees with `torch.optim.Adagrad`. */
export function adagrad({ learningRate, ...config }: AdagradConfig): Transformation {
  return chain(scaleByAdagrad(config), scaleByLearningRate(learningRate))
}

/**
 * a ← a + g², u = g / (√a + ε).
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByAdagrad(config: Omit<AdagradConfig, 'learningRate'> = {}): Transformation<Expression[]> {
  const { initialAccumulator = 0, epsilon = 1e-10, epsilonInside = false } = config
  checkRange('adagrad.initialAccumulator', initialAccumulator, '[0, ∞)')
  checkRange('adagrad.epsilon', epsilon, '[0, ∞)')
  return {
    init: (params) => params.map(({ shape }) => fill(shape, initialAccumulator)),
    update(gradients, before) {
      const state = zip(before, gradients, (a, g) => add(a, square(g)))
      const updates = zip(gradients, state, (g, a) => div(g, dampedRoot(a, { epsilon, epsilonInside })))
      return { updates, state }
    },
  }
}
