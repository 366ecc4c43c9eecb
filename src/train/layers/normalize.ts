import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

export interface NormalizeOptions {
  /** Added to the variance. */
  readonly epsilon: number
  /** Called with μ and σ² [..., 1, units], which live as long as the call. */
  onMoments?(mean: Tensor, variance: Tensor): void
}

/**
 * (x - μ) / √(σ² + ε) · scale + offset, with μ and σ² those of x [..., n, units] over its last axis but one. The gradients
 * are those of Ioffe and Szegedy, ICML 2015, section 3, in two thirds of the passes over x that tfjs would make of the moments.
 * @param scale [units]
 * @param offset [units]
 */
export function normalize(
  tf: Tf,
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  { epsilon, onMoments }: NormalizeOptions,
): Tensor {
  const axis = x.rank - 2
  const [n = 1, units = 1] = x.shape.slice(axis)
  const perUnit = (sums: Tensor) => tf.sum(tf.reshape(sums, [-1, units]), 0)

  return tf.customGrad((...inputs) => {
    const save = inputs.at(-1)
    if (typeof save !== 'function') throw new DynotuneError('internal', 'tf.customGrad gave nothing to save with.')
    const mean = tf.mean(x, axis, true)
    const centered = tf.sub(x, mean)
    const variance = tf.mean(tf.square(centered), axis, true)
    onMoments?.(mean, variance)
    const inverse = tf.rsqrt(tf.add(variance, epsilon))
    save([centered, inverse, scale])
    return {
      value: tf.add(tf.mul(centered, tf.mul(inverse, scale)), offset),
      gradFunc: (dy: Tensor, [centered = x, inverse = x, scale = x]: Tensor[]) =>
        tf.tidy(() => {
          const total = tf.sum(dy, axis, true)
          const moment = tf.mul(tf.sum(tf.mul(dy, centered), axis, true), inverse)
          const factor = tf.mul(inverse, scale)
          const share = tf.mul(tf.mul(moment, tf.mul(inverse, factor)), 1 / n)
          const back = tf.add(tf.mul(centered, share), tf.mul(tf.mul(total, factor), 1 / n))
          return [tf.sub(tf.mul(dy, factor), back), perUnit(moment), perUnit(total)]
        }),
    }
  })(x, scale, offset)
}
