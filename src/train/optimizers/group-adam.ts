import { type Expression, mul, sqrt, square, zerosLike } from '../../engine/fusion/expression.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { adam } from './adam.ts'
import { checkRange } from './parts/check.ts'
import { followLeader, type Hold, rateOf } from './parts/group-leader.ts'
import { isTable, shrinkRows } from './parts/group-shrink.ts'
import { checkMoments, type MomentsConfig } from './parts/moments.ts'
import { movingAverage } from './parts/moving-average.ts'
import { perParameter } from './parts/per-parameter.ts'
import type { Transformation } from './transformation.ts'
import { partition } from './transformations/partition.ts'

export interface GroupAdamConfig extends MomentsConfig {
  /** α, above 0 at every step. */
  readonly learningRate: number | Schedule
  /** Of λ₁‖w‖₁. Default 0. */
  readonly l1?: number
  /** Of λ₂‖w‖₂². Default 0. */
  readonly l2?: number
  /** Of λ₂₁ Σ √d ‖row‖₂ over the rows of tables, of width d. Default 0. */
  readonly l21?: number
}

/**
 * Adam with a sparse group lasso, Yue et al., arXiv 2107.14432: the rows of embedding tables follow the regularized leader
 * with m̂ for the gradient and D = (√ŝ + ε) / α, and are exactly 0 while the penalties outweigh what speaks for them.
 * Without penalties it is Adam; parameters of other roles have none.
 * @throws DynotuneError `optimizer.invalid`
 */
export function groupAdam({ learningRate, l1 = 0, l2 = 0, l21 = 0, ...moments }: GroupAdamConfig): Transformation {
  for (const [name, value] of Object.entries({ l1, l2, l21 })) checkRange(`groupAdam.${name}`, value, '[0, ∞)')
  checkRange('groupAdam.learningRate', learningRate, '(0, ∞)')
  const { beta1, beta2, epsilon } = checkMoments('groupAdam', moments)
  checkRange('groupAdam.epsilon', epsilon, '(0, ∞)')
  const penalties = { l1, l2: 2 * l2, shrink: (pull: Expression) => shrinkRows(pull, l21) }
  const holdOf = (squares: Expression, steps: number): Hold => ({
    root: mul(sqrt(squares), 1 / Math.sqrt(1 - beta2 ** Math.max(1, steps))),
    offset: epsilon,
    rate: rateOf(learningRate, steps),
  })
  const tables = perParameter({
    // z = -D w of the beginning, where D = ε / α: so rows that are first touched late, and by no gradient, stay.
    init: ({ value }) => ({
      z: mul(value, -epsilon / rateOf(learningRate, 0)),
      mean: zerosLike(value),
      square: zerosLike(value),
    }),
    update(gradient, before, { value }, step) {
      const mean = movingAverage(before.mean, gradient, beta1)
      const squares = movingAverage(before.square, square(gradient), beta2)
      const at = { value, gradient: mul(mean, 1 / (1 - beta1 ** step)), z: before.z }
      const holds = [holdOf(before.square, step - 1), holdOf(squares, step)] as const
      const { update, z } = followLeader(at, ...holds, penalties)
      return { update, state: { z, mean, square: squares } }
    },
  })
  return partition((param) => (isTable(param) ? 'tables' : 'others'), {
    tables,
    others: adam({ learningRate, beta1, beta2, epsilon }),
  })
}
