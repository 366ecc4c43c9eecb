import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../study/engine.ts'
import { orthonormalRows } from './matrix-orthonormal-rows.ts'

/** Rounds from the identity to the first basis. */
const FIRST_ROUNDS = 3

/**
 * A basis nearer to the eigenvectors of a symmetric positive semidefinite [n, n]: one round of orthogonal iteration, Golub
 * and Van Loan, Matrix Computations, section 8.2.4.
 * @param basis orthonormal rows [n, n], by default those that a few rounds from the identity give
 */
export function nextEigenbasis(tf: Tf, matrix: Tensor, basis?: Tensor): Tensor {
  return tf.tidy(() => {
    const n = matrix.shape[0] ?? 0
    const identity = tf.eye(n)
    // Keeps apart from each other the directions that the matrix does not have.
    const ridge = tf.maximum(tf.mul(tf.sum(tf.mul(matrix, identity)), 1e-6), 1e-12)
    const shifted = tf.add(matrix, tf.mul(identity, ridge))
    const round = (rows: Tensor) => orthonormalRows(tf, tf.matMul(rows, shifted).as2D(n, n))
    if (basis) return round(basis)
    let rows: Tensor = identity
    for (let i = 0; i < FIRST_ROUNDS; i++) rows = round(rows)
    return rows
  })
}
