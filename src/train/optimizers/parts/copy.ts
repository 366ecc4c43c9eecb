import { compute, type Expression } from '../../../engine/fusion/expression.ts'

/**
 * The same values in a tensor of their own, which is disposed on its own: what a state keeps of parameters and gradients,
 * and what `averaged` returns of a state. Costs no pass over memory.
 */
export function copy(x: Expression): Expression {
  return compute(x.shape, [x], (_tf, tensor) => tensor.clone())
}
