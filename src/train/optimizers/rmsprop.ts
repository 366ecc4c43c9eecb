import { div, type Expression, max, mul, square, sub } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import { checkRange } from './parts/check.ts'
import { dampedRoot } from './parts/damped-root.ts'
import { movingAverage } from './parts/moving-average.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export interface RmsConfig {
  /** ρ in [0, 1). Default 0.99; Keras has 0.9. */
  readonly decay?: number
  /** At least 0. Default 1e-8; Keras has 1e-7. */
  readonly epsilon?: number
  /** √(s + ε) as in Keras instead of √s + ε. Default false. */
  readonly epsilonInside?: boolean
  /** Divides by the root of the variance, s less the mean's square, after Graves, arXiv 1308.0850. Default false. */
  readonly centered?: boolean
  /** Divides averages by 1-ρᵗ, so that early ones are not too small, as Adam does. Default false. */
  readonly corrected?: boolean
}

export interface RmspropConfig extends RmsConfig {
  readonly learningRate: number | Schedule
  /** Of what has been divided, in [0, 1). Default 0. */
  readonly momentum?: number | Schedule
}

/** The mean is kept only if it is centred. */
export type RmsState = { step: number; square: Expression[]; mean: Expression[] }

/** RMSProp, Tieleman and Hinton, Coursera 2012, lecture 6.5. Agrees with `torch.optim.RMSprop`. */
export function rmsprop({ learningRate, momentum = 0, ...config }: RmspropConfig): Transformation {
  const step = scaleByLearningRate(learningRate)
  return momentum === 0 ? chain(scaleByRms(config), step) : chain(scaleByRms(config), scaleByMomentum(momentum), step)
}

/**
 * s ← ρ s + (1-ρ) g², u = g / (√s + ε); centred m ← ρ m + (1-ρ) g and s - m² for s.
 * @throws DynotuneError `optimizer.invalid`
 */
export function scaleByRms(config: RmsConfig = {}): Transformation<RmsState> {
  const { decay = 0.99, epsilon = 1e-8, epsilonInside = false, centered = false, corrected = false } = config
  checkRange('rmsprop.decay', decay, '[0, 1)')
  checkRange('rmsprop.epsilon', epsilon, '[0, ∞)')
  return {
    init: (params) => ({ step: 0, square: zeros(params), mean: centered ? zeros(params) : [] }),
    update(gradients, before) {
      const step = before.step + 1
      const squares = zip(before.square, gradients, (s, g) => movingAverage(s, square(g), decay))
      const mean = zip(before.mean, gradients, (m, g) => movingAverage(m, g, decay))
      // Rounding may make a variance negative.
      const variances = centered ? zip(squares, mean, (s, m) => max(sub(s, square(m)), 0)) : squares
      const factor = corrected ? 1 / (1 - decay ** step) : 1
      const root = (v: Expression) => dampedRoot(corrected ? mul(v, factor) : v, { epsilon, epsilonInside })
      const updates = zip(gradients, variances, (g, v) => div(g, root(v)))
      return { updates, state: { step, square: squares, mean } }
    },
  }
}
