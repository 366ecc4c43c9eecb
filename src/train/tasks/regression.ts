import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { columnSums } from './column-sums.ts'
import type { Task } from './task.ts'

/**
 * Numbers. Outputs: [rows, …]; labels: as many for each row, in any shape.
 * Metrics: `loss`, the mean squared error over rows and outputs; its root `rmse`; and `mae`, the mean absolute error.
 */
export const regression: Task = {
  metric: 'rmse',
  goal: 'minimize',
  loss(tf, outputs, labels, weights) {
    const losses = tf.mean(tf.square(errors(tf, outputs, labels)), 1)
    return tf.mul(tf.sum(weights ? tf.mul(losses, weights) : losses), 1 / losses.size)
  },
  measure(tf, outputs, labels) {
    const each = errors(tf, outputs, labels)
    return tf.stack([tf.mean(tf.square(each), 1), tf.mean(tf.abs(each), 1)], 1)
  },
  metrics(measures, rows) {
    const [squares = 0, absolutes = 0] = columnSums(measures, 2)
    const loss = squares / rows
    return { loss, rmse: Math.sqrt(loss), mae: absolutes / rows }
  },
}

/** [rows, outputs] */
function errors(tf: Tf, outputs: Tensor, labels: Tensor): Tensor {
  const shape = [labels.shape[0] ?? 0, -1]
  return tf.sub(tf.reshape(outputs, shape), tf.reshape(tf.cast(labels, 'float32'), shape))
}
