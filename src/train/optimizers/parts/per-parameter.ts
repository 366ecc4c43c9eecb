import type { Expression } from '../../../engine/fusion/expression.ts'
import type { Tree } from '../../../engine/fusion/realize.ts'
import type { Param, Transformation } from '../transformation.ts'

export interface PerParameter<S extends Tree> {
  init(param: Param): S
  /** @param step counts from 1 */
  update(gradient: Expression, state: S, param: Param, step: number): { readonly update: Expression; readonly state: S }
}

/** The transformation that does this to each parameter by itself, and counts the steps for all of them. */
export function perParameter<S extends Tree>({
  init,
  update,
}: PerParameter<S>): Transformation<{ step: number; each: readonly S[] }> {
  return {
    init: (params) => ({ step: 0, each: params.map(init) }),
    update(gradients, state, params) {
      const step = state.step + 1
      const results = params.flatMap((param, i) => {
        const gradient = gradients[i]
        const before = state.each[i]
        return gradient !== undefined && before !== undefined ? [update(gradient, before, param, step)] : []
      })
      return { updates: results.map((each) => each.update), state: { step, each: results.map((each) => each.state) } }
    },
  }
}
