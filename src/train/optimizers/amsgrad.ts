import { add, div, type Expression, max, mul, sqrt } from '../../engine/fusion/expression.ts'
import type { AdamConfig } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkMoments, type Moments, type MomentsConfig, nextMoments, zeroMoments } from './parts/moments.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export type AmsgradState = { moments: Moments; largest: Expression[] }

/** AMSGrad, Reddi et al., ICLR 2018: Adam whose steps cannot grow again. Agrees with `torch.optim.Adam(amsgrad=True)`. */
export function amsgrad({ learningRate, ...moments }: AdamConfig): Transformation {
  return chain(scaleByAmsgrad(moments), scaleByLearningRate(learningRate))
}

/**
 * Adam's m and s, l ← max(l, s), u = m̂ / (√l̂ + ε): the maximum is of s before its correction, which PyTorch applies to l.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByAmsgrad(config: MomentsConfig = {}): Transformation<AmsgradState> {
  const { beta1, beta2, epsilon } = checkMoments('amsgrad', config)
  return {
    init: (params) => ({ moments: zeroMoments(params), largest: zeros(params) }),
    update(gradients, before) {
      const moments = nextMoments(before.moments, gradients, { beta1, beta2 })
      const largest = zip(before.largest, moments.square, max)
      const rootCorrection = Math.sqrt(1 - beta2 ** moments.step)
      const factor = rootCorrection / (1 - beta1 ** moments.step)
      const step = (m: Expression, l: Expression) => div(mul(m, factor), add(sqrt(l), epsilon * rootCorrection))
      return { updates: zip(moments.mean, largest, step), state: { moments, largest } }
    },
  }
}
