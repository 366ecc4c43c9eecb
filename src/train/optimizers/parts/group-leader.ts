import { add, div, type Expression, max, min, mul, sub } from '../../../engine/fusion/expression.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { refuse } from './check.ts'
import { valueAt } from './value-at.ts'

/** How strongly each coordinate is held where it is: D = (√n + β) / α. */
export interface Hold {
  /** √n */
  readonly root: Expression
  /** β */
  readonly offset: number
  /** α */
  readonly rate: number
}

export interface Penalties {
  readonly l1: number
  /** Added to D. */
  readonly l2: number
  /** What a penalty of groups leaves of what λ₁ left. */
  shrink?(pull: Expression): Expression
}

/**
 * One step of follow-the-regularized-leader, McMahan et al., KDD 2013, algorithm 1: z ← z + g - (D - D₋) w, and w becomes
 * the minimum of z·w + ½ D w² + penalties. With u = clip(z, ±λ₁) - z that is u / (D + λ₂), exactly 0 where |z| ≤ λ₁.
 * Without penalties, and with z = -D₋ w before, it is w ← w - g / D.
 * @param before D₋
 * @returns the update, and z
 */
export function followLeader(
  { value, gradient, z }: { readonly value: Expression; readonly gradient: Expression; readonly z: Expression },
  before: Hold,
  after: Hold,
  { l1, l2, shrink = (pull) => pull }: Penalties,
): { readonly update: Expression; readonly z: Expression } {
  const next = sub(add(z, gradient), mul(difference(before, after), value))
  const pull = sub(max(min(next, l1), -l1), next)
  const strength = mul(add(after.root, after.offset), 1 / after.rate)
  return { update: sub(div(shrink(pull), add(strength, l2)), value), z: next }
}

/** D - D₋, with β apart from the roots, beside which it may be large. */
function difference(before: Hold, after: Hold): Expression {
  const roots = sub(mul(after.root, 1 / after.rate), mul(before.root, 1 / before.rate))
  return add(roots, after.offset / after.rate - before.offset / before.rate)
}

/**
 * The learning rate after so many steps; before the first it is that of the first.
 * @throws DynotuneError `optimizer.invalid` where it is not above 0, for leaders divide by it
 */
export function rateOf(learningRate: number | Schedule, steps: number): number {
  const rate = valueAt(learningRate, Math.max(0, steps - 1))
  return rate > 0 && rate < Number.POSITIVE_INFINITY ? rate : refuse('learningRate', rate, 'a number in (0, ∞)')
}
