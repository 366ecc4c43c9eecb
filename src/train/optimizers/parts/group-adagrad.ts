import { add, type Expression, fill, sqrt, square, zerosLike } from '../../../engine/fusion/expression.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import type { Transformation } from '../transformation.ts'
import { checkRange } from './check.ts'
import { followLeader, type Hold, type Penalties, rateOf } from './group-leader.ts'
import { perParameter } from './per-parameter.ts'

export interface GroupAdagradConfig {
  /** α, above 0 at every step. */
  readonly learningRate: number | Schedule
  /** β, in units of the root of summed squared gradients; above 0 unless the accumulator is. Default 1. */
  readonly beta?: number
  /** What the sum n of squared gradients begins with. Default 0. */
  readonly initialAccumulator?: number
}

export type GroupAdagradState = { step: number; each: readonly { z: Expression; square: Expression }[] }

/** The regularized leader with AdaGrad's hold, D = (√n + β) / α with n ← n + g², whatever the penalties: FTRL-Proximal. */
export function groupAdagrad(
  name: string,
  { learningRate, beta = 1, initialAccumulator = 0 }: GroupAdagradConfig,
  penalties: Penalties,
): Transformation<GroupAdagradState> {
  checkRange(`${name}.learningRate`, learningRate, '(0, ∞)')
  checkRange(`${name}.initialAccumulator`, initialAccumulator, '[0, ∞)')
  checkRange(`${name}.beta`, beta, initialAccumulator === 0 ? '(0, ∞)' : '[0, ∞)')
  checkRange(`${name}.l1`, penalties.l1, '[0, ∞)')
  checkRange(`${name}.l2`, penalties.l2, '[0, ∞)')
  const holdOf = (squares: Expression, steps: number): Hold => ({
    root: sqrt(squares),
    offset: beta,
    rate: rateOf(learningRate, steps),
  })
  return perParameter({
    init: ({ value }) => ({ z: zerosLike(value), square: fill(value.shape, initialAccumulator) }),
    update(gradient, before, { value }, step) {
      const squares = add(before.square, square(gradient))
      const holds = [holdOf(before.square, step - 1), holdOf(squares, step)] as const
      const { update, z } = followLeader({ value, gradient, z: before.z }, ...holds, penalties)
      return { update, state: { z, square: squares } }
    },
  })
}
