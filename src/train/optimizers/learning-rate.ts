import { mul } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { checkRange } from './parts/check.ts'
import { stepwise } from './parts/stepwise.ts'
import { valueAt } from './parts/value-at.ts'
import type { Transformation } from './transformation.ts'

/**
 * The downhill turn that ends an optimizer: u = -lr g.
 * @param learningRate at least 0
 */
export function scaleByLearningRate(learningRate: number | Schedule): Transformation<{ step: number }> {
  checkRange('learningRate', learningRate, '[0, ∞)')
  return stepwise((gradients, step) => {
    const rate = valueAt(learningRate, step)
    return gradients.map((g) => mul(g, -rate))
  })
}
