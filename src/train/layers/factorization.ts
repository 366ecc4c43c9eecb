import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'

/**
 * The sum of the inner products of all pairs of vectors, in linear time: ½ Σ ((Σ_f v_f)² - Σ_f v_f²).
 * Rendle, ICDM 2010, lemma 3.1.
 * @param vectors [rows, fields, width]
 * @returns [rows, 1]
 */
export function factorization({ tf }: Pick<Forward, 'tf'>, vectors: Tensor): Tensor {
  const squareOfSum = tf.square(tf.sum(vectors, 1))
  const sumOfSquares = tf.sum(tf.square(vectors), 1)
  return tf.mul(tf.sum(tf.sub(squareOfSum, sumOfSquares), 1, true), 0.5)
}
