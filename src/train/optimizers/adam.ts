import { add, div, type Expression, mul, sqrt, square, zerosLike } from '../../engine/fusion/expression.ts'
import { chain } from './chain.ts'
import { type Schedule, scaleByLearningRate } from './learning-rate.ts'
import { type Transformation, zip } from './transformation.ts'

export interface AdamConfig {
  readonly learningRate: number | Schedule
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number
  /** Added to the root. Default 1e-8. */
  readonly epsilon?: number
}

export type AdamState = { step: number; mean: Expression[]; square: Expression[] }

/** Adam, Kingma and Ba, ICLR 2015, algorithm 1. Agrees with `torch.optim.Adam`. */
export function adam({ learningRate, ...moments }: AdamConfig): Transformation {
  return chain(scaleByAdam(moments), scaleByLearningRate(learningRate))
}

/**
 * m ← β₁ m + (1-β₁) g, s ← β₂ s + (1-β₂) g², u = m̂ / (√ŝ + ε) with m̂ = m / (1-β₁ᵗ) and ŝ = s / (1-β₂ᵗ).
 * Both corrections are folded into two numbers, which are computed in double precision.
 */
export function scaleByAdam(config: Omit<AdamConfig, 'learningRate'> = {}): Transformation<AdamState> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = config
  return {
    init: (params) => ({ step: 0, mean: params.map(zerosLike), square: params.map(zerosLike) }),
    update(gradients, state) {
      const step = state.step + 1
      const mean = zip(state.mean, gradients, (m, g) => add(mul(m, beta1), mul(g, 1 - beta1)))
      const squares = zip(state.square, gradients, (s, g) => add(mul(s, beta2), mul(square(g), 1 - beta2)))
      const rootCorrection = Math.sqrt(1 - beta2 ** step)
      const factor = rootCorrection / (1 - beta1 ** step)
      const updates = zip(mean, squares, (m, s) => div(mul(m, factor), add(sqrt(s), epsilon * rootCorrection)))
      return { updates, state: { step, mean, square: squares } }
    },
  }
}
