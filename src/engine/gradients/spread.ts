import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { required, upstreamOf } from './upstream.ts'

/**
 * Of a sum or a mean, dx is dy at each place that went into it, or its share. tfjs multiplies it with ones of the size of x,
 * which it makes in JavaScript and uploads.
 */
export function reductionGradients(tf: Tf): GradConfig[] {
  return ['Sum', 'Mean'].map((kernelName) => ({
    ...tf.getGradient(kernelName),
    gradFunc(dy, saved, { axis }) {
      const x = required(saved[0])
      const axes = new Set(tf.util.parseAxisParam(isAxes(axis) ? axis : [...x.shape.keys()], x.shape))
      const shape = x.shape.map((length, i) => (axes.has(i) ? 1 : length))
      return {
        x() {
          const upstream = tf.reshape(upstreamOf(dy), shape)
          const count = x.size / upstream.size
          return tf.broadcastTo(kernelName === 'Mean' && count > 1 ? tf.div(upstream, count) : upstream, x.shape)
        },
      }
    },
  }))
}

function isAxes(value: unknown): value is number | number[] {
  return typeof value === 'number' || Array.isArray(value)
}

/** The sum over all copies. tfjs takes them apart one by one, thousands of them where a vector was broadcast. */
export function tileGradient(tf: Tf): GradConfig {
  return {
    ...tf.getGradient('Tile'),
    gradFunc(dy, saved, { reps }) {
      const x = required(saved[0])
      const times = Array.isArray(reps) ? reps.map(Number) : []
      return { x: () => sumOfCopies(tf, upstreamOf(dy), x, times) }
    },
  }
}

function sumOfCopies(tf: Tf, dy: Tensor, { shape }: Tensor, times: readonly number[]): Tensor {
  const parts: number[] = []
  const copies: number[] = []
  shape.forEach((length, axis) => {
    const count = times[axis] ?? 1
    if (count > 1) copies.push(parts.push(count) - 1)
    if (length !== 1) parts.push(length)
  })
  return tf.reshape(tf.sum(tf.reshape(dy, parts), copies), shape)
}
