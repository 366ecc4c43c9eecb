import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import { columnSums } from './column-sums.ts'
import type { Task } from './task.ts'

/**
 * Yes or no. Outputs: logits [rows] or [rows, 1]; labels: [rows], 0 or 1, or a probability between.
 * Metrics: `loss`, the mean cross entropy in nats; `accuracy`, at a probability of one half; and `auc`, the area under the
 * ROC curve, exact, NaN where all labels are the same.
 */
export const binaryClassification: Task = {
  metric: 'auc',
  goal: 'maximize',
  loss: sigmoidCrossEntropy,
  measure(tf, outputs, labels) {
    const logits = tf.reshape(outputs, [-1])
    return tf.stack([crossEntropies(tf, logits, labels), logits, tf.cast(labels, 'float32')], 1)
  },
  metrics(measures, rows) {
    const [loss = 0] = columnSums(measures, 3)
    const column = (at: number) => Float32Array.from({ length: rows }, (_, i) => measures[3 * i + at] ?? Number.NaN)
    const logits = column(1)
    const positive = Uint8Array.from(column(2), (label) => (label > 0.5 ? 1 : 0))
    const hits = logits.reduce((sum, logit, i) => sum + (logit > 0 === (positive[i] === 1) ? 1 : 0), 0)
    return { loss: loss / rows, accuracy: hits / rows, auc: areaUnderCurve(logits, positive) }
  },
}

/**
 * Mean over the rows of -log σ(logit) where the label is 1 and -log(1 - σ(logit)) where it is 0, in nats.
 * @param logits [rows] or [rows, 1]
 * @param labels [rows]
 * @param weights [rows] factors of the rows
 */
export function sigmoidCrossEntropy(tf: Tf, logits: Tensor, labels: Tensor, weights?: Tensor1D): Scalar {
  const losses = crossEntropies(tf, tf.reshape(logits, [-1]), labels)
  return tf.mul(tf.sum(weights ? tf.mul(losses, weights) : losses), 1 / losses.size)
}

/**
 * max(x, 0) - x y + log(1 + e^-|x|) of each row, which neither overflows nor loses digits at any logit x; its gradient is
 * σ(x) - y. Written down, since that of the single terms is wrong where x is exactly 0, as it is of weights that begin so.
 */
function crossEntropies(tf: Tf, logits: Tensor, labels: Tensor): Tensor {
  const targets = tf.cast(labels, 'float32')
  const losses = tf.customGrad((x, save) => {
    if (!(x instanceof tf.Tensor && typeof save === 'function')) return { value: targets, gradFunc: () => targets }
    // The targets are a cast of the labels, which would be gone by the time of the gradient.
    save([x, targets])
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(x))))
    return {
      value: tf.add(tf.sub(tf.relu(x), tf.mul(x, targets)), tail),
      gradFunc: (dy: Tensor, [logit = x, target = targets]: Tensor[]) => tf.mul(dy, tf.sub(tf.sigmoid(logit), target)),
    }
  })
  return losses(logits)
}
