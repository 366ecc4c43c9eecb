import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../study/engine.ts'

/**
 * Rows made orthonormal from the first on, as by Gram and Schmidt: the Qᵀ of a QR decomposition of Xᵀ, up to signs.
 * Halves are orthonormalized one after the other, each by its halves, and what the second has of the first is taken out
 * twice, which suffices (Giraud et al., Numer. Math. 2005). `tf.linalg.qr` takes some five times as long.
 * @param rows [n, width], none of them 0
 */
export function orthonormalRows(tf: Tf, rows: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const [n, width] = rows.shape
    if (n === 1) return unitRows(tf, rows)
    const half = n >> 1
    const first = orthonormalRows(tf, tf.slice2d(rows, [0, 0], [half, width]))
    let rest = tf.slice2d(rows, [half, 0], [n - half, width])
    // Of unit length in between, so that what is left of a dependent row, which is rounding, is cleared as well.
    for (let i = 0; i < 2; i++) {
      const within = tf.matMul(rest, first, false, true)
      rest = unitRows(tf, tf.sub(rest, tf.matMul(within, first)))
    }
    return tf.concat2d([first, orthonormalRows(tf, rest)], 0)
  })
}

function unitRows(tf: Tf, rows: Tensor2D): Tensor2D {
  return tf.div(rows, tf.maximum(tf.sqrt(tf.sum(tf.square(rows), 1, true)), 1e-30))
}
