import { add, div, type Expression, fill, mul, sqrt, square } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { checkRange } from './parts/check.ts'
import { isWeight, mapWhere } from './parts/mask.ts'
import { movingAverage } from './parts/moving-average.ts'
import { norm } from './parts/norm.ts'
import { valueAt } from './parts/value-at.ts'
import { type Transformation, zeros, zip } from './transformation.ts'
import type { WeightDecay } from './transformations/weight-decay.ts'

/** Weight decay: default 0. */
interface NovogradMoments extends WeightDecay {
  /** Of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number
  /** Of the mean of squared norms, in [0, 1). Default 0.25. */
  readonly beta2?: number
  /** Added to the root, above 0. Default 1e-6. */
  readonly epsilon?: number
}

export interface NovogradConfig extends NovogradMoments {
  readonly learningRate: number | Schedule
}

/** The squares are a number for each tensor. */
export type NovogradState = { step: number; mean: Expression[]; square: Expression[] }

/** NovoGrad, Ginsburg et al., arXiv 1905.11286, algorithm 1. Agrees with `optax.novograd`. */
export function novograd({ learningRate, ...config }: NovogradConfig): Transformation {
  return chain(scaleByNovograd(config), scaleByLearningRate(learningRate))
}

/**
 * v ← β₂ v + (1-β₂) |g|² for each tensor, at first |g|²; m ← β₁ m + (g / (√v + ε) + λ w), u = m.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByNovograd(config: NovogradMoments = {}): Transformation<NovogradState> {
  const { beta1 = 0.9, beta2 = 0.25, epsilon = 1e-6, weightDecay = 0, decayMask = isWeight } = config
  checkRange('novograd.beta1', beta1, '[0, 1)')
  checkRange('novograd.beta2', beta2, '[0, 1)')
  checkRange('novograd.epsilon', epsilon, '(0, ∞)')
  checkRange('novograd.weightDecay', weightDecay, '[0, ∞)')
  return {
    init: (params) => ({ step: 0, mean: zeros(params), square: params.map(() => fill([], 0)) }),
    update(gradients, { step, ...before }, params) {
      const decay = step === 0 ? 0 : beta2
      const squares = zip(before.square, gradients, (v, g) => movingAverage(v, square(norm(g)), decay))
      const normalized = zip(gradients, squares, (g, v) => mul(g, div(1, add(sqrt(v), epsilon))))
      const lambda = valueAt(weightDecay, step)
      const decayed = mapWhere(decayMask, normalized, params, (u, { value }) => add(u, mul(value, lambda)))
      const mean = zip(before.mean, decayed, (m, u) => add(mul(m, beta1), u))
      return { updates: mean, state: { step: step + 1, mean, square: squares } }
    },
  }
}
