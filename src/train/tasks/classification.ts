import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { columnSums } from './column-sums.ts'
import type { Task } from './task.ts'

/**
 * One of several classes. Outputs: logits [rows, classes]; labels: [rows], int32 in [0, classes).
 * Metrics: `loss`, the mean cross entropy in nats, and `accuracy`.
 */
export const classification: Task = {
  metric: 'accuracy',
  goal: 'maximize',
  loss: softmaxCrossEntropy,
  measure(tf, outputs, labels) {
    const hits = tf.cast(tf.equal(tf.argMax(outputs, 1), labels), 'float32')
    return tf.stack([tf.neg(logLikelihood(tf, outputs, labels)), hits], 1)
  },
  metrics(measures, rows) {
    const [loss = 0, hits = 0] = columnSums(measures, 2)
    return { loss: loss / rows, accuracy: hits / rows }
  },
}

/**
 * Mean over the rows of -log softmax(logits)[label], in nats.
 * @param logits [rows, classes]
 * @param labels [rows], int32
 * @param weights [rows] factors of the rows
 */
export function softmaxCrossEntropy(tf: Tf, logits: Tensor, labels: Tensor, weights?: Tensor1D): Scalar {
  const hits = logLikelihood(tf, logits, labels)
  return tf.mul(tf.sum(weights ? tf.mul(hits, weights) : hits), -1 / hits.size)
}

/**
 * log softmax(logits)[label]: of the shape of the labels, which is that of the logits without their last axis.
 * One-hot rather than gathered, since wasm as it ships has no kernel for the gradient of a gather; and one-hot in integers,
 * then cast, since it fills a one-hot of floats with the bits of integers. The benchmark trains on it for comparison.
 */
export function logLikelihood(tf: Tf, logits: Tensor, labels: Tensor): Tensor {
  const classes = logits.shape.at(-1) ?? 0
  return tf.sum(tf.mul(tf.cast(tf.oneHot(labels, classes), 'float32'), tf.logSoftmax(logits)), -1)
}
