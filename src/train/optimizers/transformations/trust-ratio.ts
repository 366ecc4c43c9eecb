import { add, div, type Expression, greater, min, mul, select } from '../../../engine/fusion/expression.ts'
import { checkRange } from '../parts/check.ts'
import { everyParameter, type Mask, mapWhere } from '../parts/mask.ts'
import { norm } from '../parts/norm.ts'
import { stepwise } from '../parts/stepwise.ts'
import type { Transformation } from '../transformation.ts'

export interface TrustRatioConfig {
  /** Default 1. */
  readonly coefficient?: number
  /** Added to the norm that is divided by, at least 0. Default 0. */
  readonly epsilon?: number
  /** What is scaled. Default: every parameter. */
  readonly mask?: Mask
}

/**
 * u = c |w| / (|g| + ε) g for each tensor, so that its step is in proportion to it; 1 g where a norm is 0. The layerwise
 * part of LARS and LAMB: You et al., arXiv 1708.03888 and ICLR 2020.
 */
export function scaleByTrustRatio(config: TrustRatioConfig = {}): Transformation<{ step: number }> {
  const { coefficient = 1, epsilon = 0, mask = everyParameter } = config
  checkRange('trustRatio.coefficient', coefficient, '(0, ∞)')
  checkRange('trustRatio.epsilon', epsilon, '[0, ∞)')
  return stepwise((gradients, _step, params) =>
    mapWhere(mask, gradients, params, (g, { value }) => {
      const [weights, length] = [norm(value), norm(g)]
      const ratio = div(mul(weights, coefficient), add(length, epsilon))
      return mul(g, whereBoth(weights, length, ratio))
    }),
  )
}

/** A ratio of two norms, 1 where either is 0. */
export function whereBoth(a: Expression, b: Expression, ratio: Expression): Expression {
  return select(greater(min(a, b), 0), ratio, 1)
}
