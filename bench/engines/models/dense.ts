import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'

/** A dense layer without activation: x·kernel + bias, both taken from `next`. */
export function dense(tf: Tf, x: Tensor, next: () => Tensor): Tensor {
  return tf.add(tf.matMul(x, next()), next())
}
