import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'

/** Of a recurrent layer; the gates of all units lie side by side. */
export interface RecurrentWeights {
  /** [features, gates * units] */
  readonly kernel: Tensor2D
  /** [units, gates * units] */
  readonly recurrent: Tensor2D
  /** [gates * units] */
  readonly bias: Tensor
}

/**
 * The output [batch, units] after each step of sequences [batch, time, features]. Hochreiter and Schmidhuber 1997 with the
 * forget gate of Gers et al. 2000; gates in the order input, forget, cell, output.
 */
export function lstm(tf: Tf, x: Tensor, weights: RecurrentWeights): Tensor2D[] {
  const { recurrent } = weights
  const units = recurrent.shape[0]
  let h: Tensor2D = tf.zeros([x.shape[0] ?? 0, units])
  let c: Tensor2D = h
  return fromInputs(tf, x, weights).map((fromInput) => {
    const [i, f, g, o] = tf.split(tf.add(fromInput, tf.matMul(h, recurrent)), 4, 1)
    if (!i || !f || !g || !o) throw new Error('unreachable')
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
    h = tf.mul(tf.sigmoid(o), tf.tanh(c))
    return h
  })
}

/** x·kernel + bias for each step, in one product for all of them. */
export function fromInputs(tf: Tf, x: Tensor, { kernel, bias }: RecurrentWeights): Tensor[] {
  const [batch = 0, time = 0, features = 0] = x.shape
  const all = tf.add(tf.matMul(tf.reshape(x, [batch * time, features]), kernel), bias)
  return tf.unstack(tf.reshape(all, [batch, time, kernel.shape[1]]), 1)
}
