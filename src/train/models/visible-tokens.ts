import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** 1 for a token and 0 for padding, which is token 0: float32 [rows, length]. */
export function visibleTokens(tf: Tf, tokens: Tensor): Tensor {
  return tf.cast(tf.notEqual(tokens, 0), 'float32')
}
