import { add, type Expression, mul, zerosLike } from '../../../engine/fusion/expression.ts'
import type { Tree } from '../../../engine/fusion/realize.ts'
import { checkCount } from '../parts/check.ts'
import { type Transformation, zeros, zip } from '../transformation.ts'

export type AccumulationState = { gathered: number; sum: Expression[]; inner: Tree }

/**
 * Gradient accumulation: an optimizer that steps once in `steps` calls, with the mean of their gradients, as if their
 * batches were one. In between the parameters stay, and only the sums are written. To be the outermost transformation.
 * @param steps a whole number from 1
 */
export function accumulateGradients(steps: number, inner: Transformation): Transformation<AccumulationState> {
  checkCount('accumulateGradients.steps', steps)
  const { averaged } = inner
  return {
    init: (params) => ({ gathered: 0, sum: zeros(params), inner: inner.init(params) }),
    update(gradients, state, params) {
      const sum = zip(state.sum, gradients, add)
      const gathered = state.gathered + 1
      if (gathered < steps) return { updates: zeros(params), state: { ...state, gathered, sum } }
      const means = sum.map((each) => mul(each, 1 / steps))
      const result = inner.update(means, state.inner, params)
      return { updates: result.updates, state: { gathered: 0, sum: sum.map(zerosLike), inner: result.state } }
    },
    ...(averaged && { averaged: (state, params) => averaged(state.inner, params) }),
  }
}
