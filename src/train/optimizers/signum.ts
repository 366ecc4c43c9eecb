import { sign } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { chain } from './chain.ts'
import { scaleByLearningRate } from './learning-rate.ts'
import { scaleByMomentum } from './momentum.ts'
import { stepwise } from './parts/stepwise.ts'
import type { Transformation } from './transformation.ts'

export interface SignumConfig {
  /** Every element moves by it. */
  readonly learningRate: number | Schedule
  /** β in [0, 1). Default 0.9; with 0 it is signSGD. */
  readonly momentum?: number | Schedule
}

/**
 * Signum, Bernstein et al., ICML 2018, algorithm 2: v ← β v + g, u = -lr sign(v), which is the sign of the moving average
 * too. Agrees with `optax.signum`.
 */
export function signum({ learningRate, momentum = 0.9 }: SignumConfig): Transformation {
  return chain(scaleByMomentum(momentum), scaleBySign(), scaleByLearningRate(learningRate))
}

/** u = sign(g). */
export function scaleBySign(): Transformation<{ step: number }> {
  return stepwise((gradients) => gradients.map(sign))
}
