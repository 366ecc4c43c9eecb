import { div, type Expression, max, min, mul } from '../../../engine/fusion/expression.ts'
import { checkRange } from '../parts/check.ts'
import { norm } from '../parts/norm.ts'
import { stepwise } from '../parts/stepwise.ts'
import type { Transformation } from '../transformation.ts'

/** Each element of a gradient to [-limit, limit]. */
export function clipByValue(limit: number): Transformation<{ step: number }> {
  checkRange('clipByValue', limit, '(0, ∞)')
  return stepwise((gradients) => gradients.map((g) => max(min(g, limit), -limit)))
}

/** Each gradient to an L2 norm of at most `limit`: g ← g limit / max(|g|, limit). */
export function clipByNorm(limit: number): Transformation<{ step: number }> {
  checkRange('clipByNorm', limit, '(0, ∞)')
  return stepwise((gradients) => gradients.map((g) => mul(g, shrink(norm(g), limit))))
}

/** All gradients together to an L2 norm of at most `limit`, their direction kept: Pascanu et al., ICML 2013. */
export function clipByGlobalNorm(limit: number): Transformation<{ step: number }> {
  checkRange('clipByGlobalNorm', limit, '(0, ∞)')
  return stepwise((gradients) => {
    const factor = shrink(norm(...gradients), limit)
    return gradients.map((g) => mul(g, factor))
  })
}

function shrink(length: Expression, limit: number): Expression {
  return div(limit, max(length, limit))
}
