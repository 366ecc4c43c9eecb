import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { logLikelihood } from './classification.ts'
import { columnSums } from './column-sums.ts'
import type { Task } from './task.ts'

export interface NextTokenConfig {
  /** The label of places that do not count. Default -1, which is no token. */
  readonly padding?: number
}

/**
 * The token that comes next. Outputs: logits [rows, vocabulary] or [rows, length, vocabulary]; labels: int32 [rows] or
 * [rows, length]. Every token counts the same, whatever the length of its row; padding does not count.
 * Metrics: `loss`, the mean cross entropy in nats; `perplexity`, e to the loss; and `accuracy`.
 */
export function nextToken({ padding = -1 }: NextTokenConfig = {}): Task {
  function count(tf: Tf, labels: Tensor): { readonly tokens: Tensor; readonly counted: Tensor } {
    const counts = tf.notEqual(labels, padding)
    // A one-hot takes tokens only: padding is given the first of them, and no weight.
    return { tokens: tf.mul(labels, tf.cast(counts, 'int32')), counted: tf.cast(counts, 'float32') }
  }

  return {
    metric: 'loss',
    goal: 'minimize',
    loss(tf, outputs, labels, weights) {
      const { tokens, counted } = count(tf, labels)
      const likelihoods = tf.mul(logLikelihood(tf, outputs, tokens), counted)
      const perRow = tf.sum(tf.reshape(likelihoods, [labels.shape[0] ?? 0, -1]), 1)
      return tf.neg(tf.div(tf.sum(weights ? tf.mul(perRow, weights) : perRow), tf.maximum(tf.sum(counted), 1)))
    },
    divisor: (tf, labels): Scalar => tf.sum(count(tf, labels).counted),
    measure(tf, outputs, labels) {
      const { tokens, counted } = count(tf, labels)
      const hits = tf.cast(tf.equal(tf.argMax(outputs, -1), tokens), 'float32')
      const each = [tf.neg(tf.mul(logLikelihood(tf, outputs, tokens), counted)), tf.mul(hits, counted), counted]
      return tf.stack(
        each.map((values) => tf.sum(tf.reshape(values, [labels.shape[0] ?? 0, -1]), 1)),
        1,
      )
    },
    metrics(measures) {
      const [losses = 0, hits = 0, tokens = 0] = columnSums(measures, 3)
      const loss = losses / tokens
      return { loss, perplexity: Math.exp(loss), accuracy: hits / tokens }
    },
  }
}
