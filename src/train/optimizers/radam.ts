import { add, div, type Expression, mul, sqrt } from '../../engine/fusion/expression.ts'
import type { AdamConfig } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkMoments, type Moments, type MomentsConfig, nextMoments, zeroMoments } from './parts/moments.ts'
import { type Transformation, zip } from './transformation.ts'

/** RAdam, Liu et al., ICLR 2020, algorithm 2: Adam that warms up by itself. Agrees with `torch.optim.RAdam`. */
export function radam({ learningRate, ...moments }: AdamConfig): Transformation {
  return chain(scaleByRadam(moments), scaleByLearningRate(learningRate))
}

/**
 * Adam's m and s, u = r m̂ / (√ŝ + ε) as soon as the variance of 1 / √ŝ is finite, before that u = m̂. The paper asks for
 * ρ > 4 and PyTorch, as here, for ρ > 5. ε is added before the correction of the root.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByRadam(config: MomentsConfig = {}): Transformation<Moments> {
  const { beta1, beta2, epsilon } = checkMoments('radam', config)
  const rhoLimit = 2 / (1 - beta2) - 1
  return {
    init: zeroMoments,
    update(gradients, before) {
      const state = nextMoments(before, gradients, { beta1, beta2 })
      const { step, mean, square } = state
      const factor = 1 / (1 - beta1 ** step)
      const decayed = beta2 ** step
      const rho = rhoLimit - (2 * step * decayed) / (1 - decayed)
      if (rho <= 5) return { updates: mean.map((m) => mul(m, factor)), state }
      const ratio = (x: number) => ((x - 4) * (x - 2)) / x
      const rectified = factor * Math.sqrt((1 - decayed) * (ratio(rho) / ratio(rhoLimit)))
      const adapted = (m: Expression, s: Expression) => div(mul(m, rectified), add(sqrt(s), epsilon))
      return { updates: zip(mean, square, adapted), state }
    },
  }
}
