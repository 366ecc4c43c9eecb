import { add, type Expression, fill, sqrt, square, sum } from '../../../engine/fusion/expression.ts'

/** The L2 norm of all elements of some tensors together, a scalar. */
export function norm(...tensors: readonly Expression[]): Expression {
  return sqrt(tensors.map((tensor) => sum(square(tensor))).reduce(add, fill([], 0)))
}
