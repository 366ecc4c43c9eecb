import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'
import type { Metrics } from '../../../src/study/trial.ts'
import type { Task } from '../../../src/train/index.ts'

/** The loss of a task on some outputs, and its gradient. */
export function lossOf(tf: Tf, task: Task, outputs: Tensor, labels: Tensor, weights?: Tensor1D) {
  const { value, grad } = tf.valueAndGrad((x: Tensor) => task.loss(tf, x, labels, weights))(outputs)
  return { loss: value.dataSync()[0] ?? Number.NaN, gradient: [...grad.dataSync()] }
}

/** The metrics of a task, measured in two batches. */
export function metricsOf(tf: Tf, task: Task, outputs: Tensor, labels: Tensor): Metrics {
  const [rows = 0] = labels.shape
  const first = Math.ceil(rows / 3)
  const parts = [
    [0, first],
    [first, rows - first],
  ].map(([start = 0, count = 0]) => {
    const slice = (tensor: Tensor) =>
      tf.slice(tensor, [start, ...tensor.shape.slice(1).map(() => 0)], [count, ...tensor.shape.slice(1)])
    return task.measure(tf, slice(outputs), slice(labels))
  })
  return task.metrics(Float32Array.from(tf.concat(parts).dataSync()), rows)
}
