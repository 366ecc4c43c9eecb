import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { dense, denseParameters } from './dense.ts'
import { dropout } from './dropout.ts'
import { glorotUniform } from './initializers.ts'

export interface AttentionConfig {
  /** A divisor of the width. */
  readonly heads: number
  /** Share of the attention weights dropped while training. Default 0. */
  readonly dropout?: number
}

/** Dense layers: `name/queryKeyValue` [width, 3 width], the three side by side, and `name/output` [width, width]. */
export function attentionParameters(name: string, width: number): Parameter[] {
  return [
    ...denseParameters(`${name}/queryKeyValue`, width, 3 * width, glorotUniform),
    ...denseParameters(`${name}/output`, width, width, glorotUniform),
  ]
}

/**
 * Self-attention of several heads: each is softmax(Q Kᵀ / √d + mask) V with d its width. Vaswani et al., NeurIPS 2017, eq. 1.
 * Agrees with `torch.nn.MultiheadAttention`.
 * @param x [rows, time, width]
 * @param mask added to the scores [rows, heads, time, time], as `attentionMask` makes it
 */
export function attention(
  forward: Pick<Forward, 'tf' | 'parameter' | 'random'>,
  name: string,
  x: Tensor,
  { heads, dropout: rate = 0 }: AttentionConfig,
  mask?: Tensor,
): Tensor {
  const { tf } = forward
  const [rows = 0, time = 0, width = 0] = x.shape
  const size = width / heads
  // [3, rows, heads, time, size], so that each of the three lies in one piece.
  const projected = tf.reshape(dense(forward, `${name}/queryKeyValue`, x), [rows, time, 3, heads, size])
  const [query = x, key = x, value = x] = tf.unstack(tf.transpose(projected, [2, 0, 3, 1, 4]))
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size))
  const weights = dropout(forward, tf.softmax(mask ? tf.add(scores, mask) : scores), rate)
  const seen = tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3])
  return dense(forward, `${name}/output`, tf.reshape(seen, [rows, time, width]))
}
