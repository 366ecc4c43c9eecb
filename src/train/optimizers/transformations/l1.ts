import { add, mul, sign } from '../../../engine/fusion/expression.ts'
import { checkRange } from '../parts/check.ts'
import { isWeight, type Mask, mapWhere } from '../parts/mask.ts'
import { stepwise } from '../parts/stepwise.ts'
import type { Transformation } from '../transformation.ts'

/**
 * u = g + λ sign(w): the subgradient of the penalty λ |w|₁, 0 where w is. It draws weights to zero and rarely onto it;
 * FTRL does that.
 * @param strength λ, at least 0
 * @param mask what is penalized, by default kernels and embeddings
 */
export function addL1(strength: number, mask: Mask = isWeight): Transformation<{ step: number }> {
  checkRange('l1', strength, '[0, ∞)')
  return stepwise((gradients, _step, params) =>
    mapWhere(mask, gradients, params, (g, { value }) => add(g, mul(sign(value), strength))),
  )
}
