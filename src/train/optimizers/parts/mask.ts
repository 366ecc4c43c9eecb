import type { Expression } from '../../../engine/fusion/expression.ts'
import type { ParameterInfo } from '../../parameter.ts'
import type { Expressions, Param } from '../transformation.ts'

/** Which parameters are meant. */
export type Mask = (parameter: ParameterInfo) => boolean

export const everyParameter: Mask = () => true

/** What is decayed if nothing else is said: neither biases nor the scales of normalizations. */
export const isWeight: Mask = ({ role }) => role === 'kernel' || role === 'embedding'

/** `f` of gradient and parameter where the mask holds, elsewhere the gradient. */
export function mapWhere(
  mask: Mask,
  gradients: Expressions,
  params: readonly Param[],
  f: (gradient: Expression, param: Param) => Expression,
): Expression[] {
  return gradients.map((gradient, i) => {
    const param = params[i]
    return param && mask(param) ? f(gradient, param) : gradient
  })
}
