import { add, div, mul, sqrt } from '../../engine/fusion/expression.ts'
import type { AdamConfig } from './adam.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { checkMoments, type Moments, type MomentsConfig, nextMoments, zeroMoments } from './parts/moments.ts'
import { type Transformation, zip } from './transformation.ts'

interface MomentumDecay {
  /** ψ, by which the momentum grows to β₁; at least 0. Default 0.004. */
  readonly momentumDecay?: number
}

export interface NadamConfig extends AdamConfig, MomentumDecay {}

/** Adam's moments with the product μ₁ … μₜ. */
export type NadamState = { moments: Moments; product: number }

/** NAdam, Dozat, ICLR workshop 2016: Adam with Nesterov's momentum, which grows. Agrees with `torch.optim.NAdam`. */
export function nadam({ learningRate, ...config }: NadamConfig): Transformation {
  return chain(scaleByNadam(config), scaleByLearningRate(learningRate))
}

/**
 * Adam's m and s, μₜ = β₁ (1 - 0.96^(t ψ) / 2),
 * u = ((1-μₜ) / (1-μ₁…μₜ) g + μₜ₊₁ / (1-μ₁…μₜ₊₁) m) / (√ŝ + ε).
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByNadam(config: MomentsConfig & MomentumDecay = {}): Transformation<NadamState> {
  const { beta1, beta2, epsilon } = checkMoments('nadam', config)
  const { momentumDecay = 0.004 } = config
  checkRange('nadam.momentumDecay', momentumDecay, '[0, ∞)')
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay))
  return {
    init: (params) => ({ moments: zeroMoments(params), product: 1 }),
    update(gradients, before) {
      const moments = nextMoments(before.moments, gradients, { beta1, beta2 })
      const { step, mean, square } = moments
      const [now, next] = [momentumAt(step), momentumAt(step + 1)]
      const product = before.product * now
      const rootCorrection = Math.sqrt(1 - beta2 ** step)
      const ofGradient = (rootCorrection * (1 - now)) / (1 - product)
      const ofMean = (rootCorrection * next) / (1 - product * next)
      const ahead = zip(gradients, mean, (g, m) => add(mul(g, ofGradient), mul(m, ofMean)))
      const updates = zip(ahead, square, (u, s) => div(u, add(sqrt(s), epsilon * rootCorrection)))
      return { updates, state: { moments, product } }
    },
  }
}
