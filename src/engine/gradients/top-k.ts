import type { GradConfig } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { required, upstreamOf } from './upstream.ts'

/** The gradients of the largest go back to where those were; the indices have none. */
export function topKGradient(tf: Tf): GradConfig {
  return {
    kernelName: 'TopK',
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc(dy, saved) {
      const [x, indices] = [required(saved[0]), required(saved[1])]
      return {
        x() {
          const width = x.shape.at(-1) ?? 1
          const rows = x.size / Math.max(1, width)
          const starts = tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(width, 'int32'))
          const places = tf.add(tf.reshape(indices, [rows, -1]), tf.reshape(starts, [rows, 1]))
          const values = tf.reshape(upstreamOf(dy), [-1])
          return tf.reshape(tf.unsortedSegmentSum(values, tf.reshape(places, [-1]).as1D(), x.size), x.shape)
        },
      }
    },
  }
}
