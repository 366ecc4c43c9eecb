import { compute, type Expression, fill, square } from '../../../engine/fusion/expression.ts'

/** The L2 norm of all elements of some tensors together, a scalar. */
export function norm(...tensors: readonly Expression[]): Expression {
  if (tensors.length === 0) return fill([], 0)
  return compute([], tensors.map(square), (tf, ...squares) =>
    tf.sqrt(tf.sum(tf.stack(squares.map((values) => tf.sum(values))))),
  )
}
