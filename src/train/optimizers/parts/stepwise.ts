import type { Expression } from '../../../engine/fusion/expression.ts'
import type { Expressions, Param, Transformation } from '../transformation.ts'

/** A transformation that remembers nothing but how many steps there were. */
export function stepwise(
  update: (gradients: Expressions, step: number, params: readonly Param[]) => Expression[],
): Transformation<{ step: number }> {
  return {
    init: () => ({ step: 0 }),
    update: (gradients, { step }, params) => ({ updates: update(gradients, step, params), state: { step: step + 1 } }),
  }
}
