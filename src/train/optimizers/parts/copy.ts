import { compute, type Expression } from '../../../engine/fusion/expression.ts'

/**
 * The same values in a tensor of their own, which is disposed on its own: what a state keeps of parameters and gradients,
 * and what `averaged` returns of a state. Costs no pass over memory. What is not computed yet is computed before all that
 * reads it: once, instead of for each element of a tensor that a scalar multiplies.
 */
export function copy(x: Expression): Expression {
  return compute(x.shape, [x], (_tf, tensor) => tensor.clone())
}
