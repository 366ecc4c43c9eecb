import type { Tensor } from '@tensorflow/tfjs-core'
import { chain } from './chain.ts'
import { type Schedule, scaleByLearningRate } from './learning-rate.ts'
import { mapTensors, type Transformation } from './transformation.ts'

export interface AdamConfig {
  readonly learningRate: number | Schedule
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number
  /** Added to the root. Default 1e-8. */
  readonly epsilon?: number
}

export type AdamState = { step: number; mean: Tensor[]; square: Tensor[] }

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
    init: (tf, params) => ({
      step: 0,
      mean: params.map((param) => tf.zerosLike(param)),
      square: params.map((param) => tf.zerosLike(param)),
    }),
    update(tf, gradients, state) {
      const step = state.step + 1
      const mean = mapTensors(state.mean, gradients, (m, g) => tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)))
      const square = mapTensors(state.square, gradients, (s, g) =>
        tf.add(tf.mul(s, beta2), tf.mul(tf.square(g), 1 - beta2)),
      )
      const rootCorrection = Math.sqrt(1 - beta2 ** step)
      const factor = rootCorrection / (1 - beta1 ** step)
      const updates = mapTensors(mean, square, (m, s) =>
        tf.div(tf.mul(m, factor), tf.add(tf.sqrt(s), epsilon * rootCorrection)),
      )
      return { updates, state: { step, mean, square } }
    },
  }
}
