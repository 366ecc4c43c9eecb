import { add, div, mul, sqrt } from '../../engine/fusion/expression.ts'
import type { AdamWConfig } from './adamw.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkMoments, type Moments, type MomentsConfig, nextMoments, zeroMoments } from './parts/moments.ts'
import { type Transformation, zip } from './transformation.ts'
import { addDecayedWeights } from './transformations/weight-decay.ts'

/**
 * AdamW with Nesterov's momentum: the strongest of AlgoPerf's baselines. Decays by 0.01 unless told otherwise. Agrees
 * with `optax.nadamw`.
 */
export function nadamw({ learningRate, weightDecay = 0.01, decayMask, ...moments }: AdamWConfig): Transformation {
  return chain(
    scaleByNesterovAdam(moments),
    addDecayedWeights(weightDecay, decayMask),
    scaleByLearningRate(learningRate),
  )
}

/**
 * Adam's m and s, u = (β₁ m / (1-β₁ᵗ⁺¹) + (1-β₁) g / (1-β₁ᵗ)) / (√ŝ + ε): Dozat 2016 with a constant momentum.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByNesterovAdam(config: MomentsConfig = {}): Transformation<Moments> {
  const { beta1, beta2, epsilon } = checkMoments('nadamw', config)
  return {
    init: zeroMoments,
    update(gradients, before) {
      const state = nextMoments(before, gradients, { beta1, beta2 })
      const rootCorrection = Math.sqrt(1 - beta2 ** state.step)
      const ofGradient = (rootCorrection * (1 - beta1)) / (1 - beta1 ** state.step)
      const ofMean = (rootCorrection * beta1) / (1 - beta1 ** (state.step + 1))
      const ahead = zip(gradients, state.mean, (g, m) => add(mul(g, ofGradient), mul(m, ofMean)))
      const updates = zip(ahead, state.square, (u, s) => div(u, add(sqrt(s), epsilon * rootCorrection)))
      return { updates, state }
    },
  }
}
