import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** Low enough that a softmax gives nothing to it, and finite, so that a row of nothing else is still a number. */
const HIDDEN = -1e9

/**
 * What to add to attention scores [rows, heads, time, time] so that nobody looks at padding, nor, where it is causal, ahead.
 * @param visible [rows, time], 1 for a token and 0 for padding
 * @returns 0 or below -1e8, [rows, 1, 1, time], or [rows, 1, time, time] where it is causal
 */
export function attentionMask(tf: Tf, visible: Tensor, causal: boolean): Tensor {
  const [rows = 0, time = 0] = visible.shape
  const padding = tf.mul(tf.sub(1, tf.reshape(visible, [rows, 1, 1, time])), HIDDEN)
  if (!causal) return padding
  const ahead = new Float32Array(time * time)
  for (let i = 0; i < time; i++) ahead.fill(HIDDEN, i * time + i + 1, (i + 1) * time)
  return tf.minimum(padding, tf.tensor(ahead, [time, time]))
}
