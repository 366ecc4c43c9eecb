import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** The sum of the squares of all elements, a scalar. */
export function squaredNorm(tf: Tf, tensors: readonly Tensor[]): Tensor {
  return tf.tidy(() => tf.addN([tf.scalar(0), ...tensors.map((tensor) => tf.sum(tf.square(tensor)))]))
}
