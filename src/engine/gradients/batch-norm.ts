import type { GradConfig } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { sumTo } from './broadcast.ts'
import { required, upstreamOf } from './upstream.ts'

/**
 * y = (x - μ) / √(σ² + ε) · scale + offset. The gradients besides that of x follow from the sums of dy and of dy (x - μ)
 * over what was normalized together; tfjs multiplies everything out before it sums, in nineteen passes over the
 * activations instead of six.
 */
export function batchNormGradient(tf: Tf): GradConfig {
  return {
    ...tf.getGradient('FusedBatchNorm'),
    gradFunc(dy, saved, { varianceEpsilon }) {
      const upstream = upstreamOf(dy)
      const [x, mean, variance] = [required(saved[0]), required(saved[1]), required(saved[2])]
      const scale = saved[3] ?? tf.scalar(1)
      const inverse = tf.rsqrt(tf.add(variance, Number(varianceEpsilon)))
      const factor = tf.mul(inverse, scale)
      // Here rather than in the functions below, since each of those disposes what it computes on the way.
      const total = sumTo(tf, upstream, mean.shape)
      const moment = sumTo(tf, tf.mul(upstream, tf.sub(x, mean)), mean.shape)
      return {
        x: () => tf.mul(upstream, factor),
        mean: () => tf.neg(tf.mul(total, factor)),
        variance: () => tf.mul(tf.mul(moment, factor), tf.mul(tf.square(inverse), -0.5)),
        scale: () => tf.mul(moment, inverse),
        offset: () => tf.clone(total),
      }
    },
  }
}
