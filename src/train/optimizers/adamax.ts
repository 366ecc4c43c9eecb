import { abs, add, div, type Expression, max, mul } from '../../engine/fusion/expression.ts'
import type { AdamConfig } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkMoments, type MomentsConfig } from './parts/moments.ts'
import { movingAverage } from './parts/moving-average.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export type AdamaxState = { step: number; mean: Expression[]; largest: Expression[] }

/** AdaMax, Kingma and Ba, ICLR 2015, algorithm 2: Adam by the infinity norm. Agrees with `torch.optim.Adamax`. */
export function adamax({ learningRate, ...moments }: AdamConfig): Transformation {
  return chain(scaleByAdamax(moments), scaleByLearningRate(learningRate))
}

/**
 * m ← β₁ m + (1-β₁) g, l ← max(β₂ l, |g| + ε), u = m / (1-β₁ᵗ) / l.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByAdamax(config: MomentsConfig = {}): Transformation<AdamaxState> {
  const { beta1, beta2, epsilon } = checkMoments('adamax', config)
  return {
    init: (params) => ({ step: 0, mean: zeros(params), largest: zeros(params) }),
    update(gradients, before) {
      const step = before.step + 1
      const mean = zip(before.mean, gradients, (m, g) => movingAverage(m, g, beta1))
      const largest = zip(before.largest, gradients, (l, g) => max(mul(l, beta2), add(abs(g), epsilon)))
      const factor = 1 / (1 - beta1 ** step)
      return { updates: zip(mean, largest, (m, l) => div(mul(m, factor), l)), state: { step, mean, largest } }
    },
  }
}
