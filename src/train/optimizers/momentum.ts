import { add, type Expression, mul } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { checkRange } from './parts/check.ts'
import { valueAt } from './parts/value-at.ts'
import { type Transformation, zeros, zip } from './transformation.ts'

export type MomentumState = { step: number; velocity: Expression[] }

/**
 * Heavy-ball momentum: v ← μ v + g, u = v; with `nesterov` u = g + μ v (Sutskever et al., ICML 2013, as PyTorch has it).
 * Before `scaleByLearningRate` the rate is outside, so that changing it does not rescale what has been gathered; after it
 * the rate is inside: v ← μ v - lr g.
 * @param decay μ in [0, 1)
 */
export function scaleByMomentum(decay: number | Schedule, nesterov = false): Transformation<MomentumState> {
  checkRange('momentum', decay, '[0, 1)')
  return {
    init: (params) => ({ step: 0, velocity: zeros(params) }),
    update(gradients, state) {
      const mu = valueAt(decay, state.step)
      const decayed = (v: Expression, g: Expression) => add(mul(v, mu), g)
      const velocity = zip(state.velocity, gradients, decayed)
      const updates = nesterov ? zip(velocity, gradients, decayed) : velocity
      return { updates, state: { step: state.step + 1, velocity } }
    },
  }
}
