import type { Expression } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'
import type { Transformation } from './transformation.ts'

/**
 * Transformations one after the other: the updates of each are the gradients of the next. Where one of them averages the
 * parameters, the chain does; the last such counts.
 */
export function chain(...transformations: readonly Transformation[]): Transformation<readonly Tree[]> {
  const averaging = transformations.findLastIndex(({ averaged }) => averaged)
  const averaged = transformations[averaging]?.averaged
  return {
    init: (params) => transformations.map((each) => each.init(params)),
    update(gradients, state, params) {
      let updates: Expression[] = [...gradients]
      const next = transformations.map((each, i) => {
        const result = each.update(updates, state[i] ?? [], params)
        updates = result.updates
        return result.state
      })
      return { updates, state: next }
    },
    ...(averaged && { averaged: (state, params) => averaged(state[averaging] ?? [], params) }),
  }
}
