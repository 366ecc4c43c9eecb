import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import type { Metrics } from '../study/trial.ts'
import { type Batch, sliceBatch, uploadDataset } from './data/batch.ts'
import type { Dataset } from './data/dataset.ts'
import { forward } from './models/forward.ts'
import type { Model } from './models/model.ts'
import type { Task } from './tasks/task.ts'

/** Rows at once, unless asked otherwise. */
const ROWS = 2048

/** The task's metrics over a whole dataset. Leaves no tensors. */
export async function evaluate(
  tf: Tf,
  model: Model,
  task: Task,
  params: readonly Tensor[],
  dataset: Dataset,
): Promise<Metrics & { readonly loss: number }> {
  const examples = uploadDataset(tf, dataset)
  const measures = measure(tf, model, task, params, examples)
  try {
    return task.metrics(Float32Array.from(await measures.data()), dataset.rows)
  } finally {
    tf.dispose([measures, examples.inputs, examples.labels])
  }
}

/**
 * What the task measures of each example on the device, as a tensor [rows, k] that is read when it is wanted.
 * @param most rows at once, to bound memory
 */
export function measure(
  tf: Tf,
  model: Model,
  task: Task,
  params: readonly Tensor[],
  examples: Batch,
  most = ROWS,
): Tensor {
  return tf.tidy(() => {
    const [rows = 0] = examples.labels.shape
    const parts: Tensor[] = []
    for (let start = 0; start < rows; start += most) {
      const part = tf.tidy(() => {
        const { inputs, labels } = sliceBatch(tf, examples, start, Math.min(most, rows - start))
        return task.measure(tf, model.apply(forward(tf, model, params, inputs), inputs), labels)
      })
      parts.push(part)
    }
    return tf.concat(parts)
  })
}
