import { add, div, type Expression, mul, sqrt } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkMoments, type Moments, type MomentsConfig, nextMoments, zeroMoments } from './parts/moments.ts'
import { type Transformation, zip } from './transformation.ts'

export interface AdamConfig extends MomentsConfig {
  readonly learningRate: number | Schedule
}

export type AdamState = Moments

/** Adam, Kingma and Ba, ICLR 2015, algorithm 1. Agrees with `torch.optim.Adam`. */
export function adam({ learningRate, ...moments }: AdamConfig): Transformation {
  return chain(scaleByAdam(moments), scaleByLearningRate(learningRate))
}

/**
 * m ← β₁ m + (1-β₁) g, s ← β₂ s + (1-β₂) g², u = m̂ / (√ŝ + ε) with m̂ = m / (1-β₁ᵗ) and ŝ = s / (1-β₂ᵗ).
 * Both corrections are folded into two numbers, which are computed in double precision.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByAdam(config: MomentsConfig = {}): Transformation<AdamState> {
  const { beta1, beta2, epsilon } = checkMoments('adam', config)
  return {
    init: zeroMoments,
    update(gradients, before) {
      const state = nextMoments(before, gradients, { beta1, beta2 })
      const rootCorrection = Math.sqrt(1 - beta2 ** state.step)
      const factor = rootCorrection / (1 - beta1 ** state.step)
      const step = (m: Expression, s: Expression) => div(mul(m, factor), add(sqrt(s), epsilon * rootCorrection))
      return { updates: zip(state.mean, state.square, step), state }
    },
  }
}
