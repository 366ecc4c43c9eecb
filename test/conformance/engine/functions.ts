import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'

/** (x - mean) / √(variance + 0.001) * γ + β, mean and variance over some axes. */
export function normalized(tf: Tf, x: Tensor, axes: number[], gamma: Tensor, beta: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, axes, true)
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), gamma), beta)
}

/** softmax(q·kᵀ / √width + mask)·v on [batch, heads, time, width]. Vaswani et al. 2017, eq. 1. */
export function attend(tf: Tf, q: Tensor, k: Tensor, v: Tensor, mask?: Tensor): Tensor {
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape.at(-1) ?? 1))
  return tf.matMul(tf.softmax(mask ? tf.add(scores, mask) : scores), v)
}
