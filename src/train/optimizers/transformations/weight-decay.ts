import { add, mul } from '../../../engine/fusion/expression.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { checkRange } from '../parts/check.ts'
import { isWeight, type Mask, mapWhere } from '../parts/mask.ts'
import { stepwise } from '../parts/stepwise.ts'
import { valueAt } from '../parts/value-at.ts'
import type { Transformation } from '../transformation.ts'

/** How an optimizer decays weights. */
export interface WeightDecay {
  /** λ, at least 0. Default 0 unless the optimizer says otherwise. */
  readonly weightDecay?: number | Schedule
  /** What is decayed. Default: kernels and embeddings. */
  readonly decayMask?: Mask
}

/**
 * u = g + λ w. First in a chain it is coupled, the gradient of the penalty λ/2 |w|² (L2); right before the learning rate
 * it is decoupled, as in AdamW: Loshchilov and Hutter, ICLR 2019.
 * @param decay λ, at least 0
 * @param mask what is decayed, by default kernels and embeddings
 */
export function addDecayedWeights(decay: number | Schedule, mask: Mask = isWeight): Transformation<{ step: number }> {
  checkRange('weightDecay', decay, '[0, ∞)')
  return stepwise((gradients, step, params) => {
    const lambda = valueAt(decay, step)
    return mapWhere(mask, gradients, params, (g, { value }) => (lambda === 0 ? g : add(g, mul(value, lambda))))
  })
}
