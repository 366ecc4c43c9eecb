import { compute, type Expression } from '../../../engine/fusion/expression.ts'

/** G Gᵀ (axis 0) or Gᵀ G (axis 1) of a matrix: how its rows, or its columns, go together. */
export function gram(matrix: Expression, axis: 0 | 1): Expression {
  const size = matrix.shape[axis] ?? 0
  return compute([size, size], [matrix], (tf, g) => tf.matMul(g, g, axis === 1, axis === 0))
}

/** The diagonal of that: [size]. */
export function gramDiagonal(matrix: Expression, axis: 0 | 1): Expression {
  return compute([matrix.shape[axis] ?? 0], [matrix], (tf, g) => tf.sum(tf.square(g), 1 - axis))
}
