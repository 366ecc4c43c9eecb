import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** The largest of each 2x2 window: images [rows, height, width, channels] of half the height and width, rounded up. */
export function maxPool2(tf: Tf, x: Tensor): Tensor {
  const [rows = 0, height = 0, width = 0, channels = 0] = x.shape
  return tf.maxPool(x.as4D(rows, height, width, channels), 2, 2, 'same')
}
