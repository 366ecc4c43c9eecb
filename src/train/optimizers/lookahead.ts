import { add, type Expression, sub } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'
import { checkCount, checkRange } from './parts/check.ts'
import { copy } from './parts/copy.ts'
import { movingAverage } from './parts/moving-average.ts'
import { type Transformation, valuesOf, zip } from './transformation.ts'

export interface LookaheadConfig {
  /** Steps between looks, a whole number from 1. Default 5. */
  readonly period?: number
  /** How far the slow weights go towards the fast ones, in (0, 1]. Default 0.5. */
  readonly alpha?: number
}

export type LookaheadState = { step: number; slow: Expression[]; inner: Tree }

/**
 * Lookahead, Zhang et al., NeurIPS 2019, algorithm 1, around any optimizer: every `period` steps slow ← slow + α (fast -
 * slow), and the fast weights begin again there. The slow ones are evaluated. Agrees with `optax.lookahead`.
 * @throws DynotuneError `optimizer.invalid`
 */
export function lookahead(
  inner: Transformation,
  { period = 5, alpha = 0.5 }: LookaheadConfig = {},
): Transformation<LookaheadState> {
  checkCount('lookahead.period', period)
  checkRange('lookahead.alpha', alpha, '(0, 1]')
  return {
    init: (params) => ({ step: 0, slow: valuesOf(params).map(copy), inner: inner.init(params) }),
    update(gradients, before, params) {
      const { updates, state } = inner.update(gradients, before.inner, params)
      const step = before.step + 1
      if (step % period !== 0) return { updates, state: { step, slow: before.slow, inner: state } }
      const fast = zip(valuesOf(params), updates, add)
      const slow = zip(before.slow, fast, (s, f) => movingAverage(s, f, 1 - alpha))
      return { updates: zip(slow, valuesOf(params), sub), state: { step, slow, inner: state } }
    },
    averaged: ({ slow }) => slow.map(copy),
  }
}
