import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../study/engine.ts'

/** Of Jordan's iteration: the steepest at 0 that leaves singular values within about [0.7, 1.2]. */
export const MUON_COEFFICIENTS = [3.4445, -4.775, 2.0315] as const

/**
 * Nearly U Vᵀ of a [rows, columns] matrix U S Vᵀ, by Newton-Schulz iterations of X ← (a I + b A + c A²) X, A = X Xᵀ, from
 * X = G/‖G‖ (Jordan et al., Muon, 2024). Products alone, of the shorter side.
 */
export function orthogonalize(tf: Tf, matrix: Tensor, steps = 5): Tensor {
  const [a, b, c] = MUON_COEFFICIENTS
  return tf.tidy(() => {
    const [rows = 0, columns = 0] = matrix.shape
    const wide = rows > columns ? tf.transpose(matrix) : matrix
    let x = tf.div(wide, tf.maximum(tf.sqrt(tf.sum(tf.square(wide))), 1e-7))
    const rest = tf.mul(tf.eye(x.shape[0] ?? 0), a)
    for (let i = 0; i < steps; i++) {
      x = tf.tidy(() => {
        const gram = tf.matMul(x, x, false, true)
        const square = tf.matMul(gram, gram)
        return tf.matMul(tf.add(tf.add(rest, tf.mul(gram, b)), tf.mul(square, c)), x)
      })
    }
    return rows > columns ? tf.transpose(x) : x
  })
}
