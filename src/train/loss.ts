import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'

/**
 * Mean over the rows of -log softmax(logits)[label], in nats.
 * One-hot rather than gathered, since wasm as it ships has no kernel for the gradient of a gather; and one-hot in integers,
 * then cast, since it fills a one-hot of floats with the bits of integers. The benchmark trains on it for comparison.
 * @param logits [rows, classes]
 * @param labels [rows], int32
 */
export function softmaxCrossEntropy(tf: Tf, logits: Tensor2D, labels: Tensor1D): Scalar {
  const [rows, classes] = logits.shape
  const hits = tf.mul(tf.cast(tf.oneHot(labels, classes), 'float32'), tf.logSoftmax(logits))
  return tf.mul(tf.sum(hits), -1 / rows)
}

/** How many rows have their largest logit at the label. */
export function countCorrect(tf: Tf, logits: Tensor2D, labels: Tensor1D): Scalar {
  return tf.sum(tf.equal(tf.argMax(logits, 1), labels))
}
