import { compute, type Expression } from '../../../engine/fusion/expression.ts'
import type { ParameterInfo } from '../../parameter.ts'

/** Parameters whose rows are groups, one for each id. */
export const isTable = ({ role }: ParameterInfo): boolean => role === 'embedding'

/**
 * x max(0, 1 - λ₂₁ √d / ‖x‖₂) for each row of width d, along the last axis: the group lasso. A row that is not longer than
 * λ₂₁ √d becomes exactly 0.
 */
export function shrinkRows(x: Expression, l21: number): Expression {
  const threshold = l21 * Math.sqrt(x.shape.at(-1) ?? 1)
  return compute(x.shape, [x], (tf, rows) =>
    tf.tidy(() => {
      const norms = tf.sqrt(tf.sum(tf.square(rows), -1, true))
      // A row of zeros stays one.
      return tf.mul(rows, tf.relu(tf.sub(1, tf.div(threshold, tf.maximum(norms, 1e-30)))))
    }),
  )
}
