import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import { type Batch, sliceBatch, uploadDataset } from './data/batch.ts'
import type { Dataset } from './data/dataset.ts'
import { countCorrect, softmaxCrossEntropy } from './loss.ts'
import type { Model } from './models/model.ts'

/** Rows at once, to bound the memory of large data. */
const ROWS = 2048

/** Mean cross entropy in nats and accuracy over a whole dataset. Leaves no tensors. */
export async function evaluateClassifier(
  tf: Tf,
  model: Model,
  params: readonly Tensor[],
  dataset: Dataset,
): Promise<{ readonly loss: number; readonly accuracy: number }> {
  const examples = uploadDataset(tf, dataset)
  const results = lossAndAccuracy(tf, model, params, examples)
  try {
    const [loss = Number.NaN, accuracy = Number.NaN] = await results.data()
    return { loss, accuracy }
  } finally {
    tf.dispose([results, examples.inputs, examples.labels])
  }
}

/** The same for examples on the device, as a tensor [2] that is read when it is wanted. */
export function lossAndAccuracy(tf: Tf, model: Model, params: readonly Tensor[], examples: Batch): Tensor {
  return tf.tidy(() => {
    const rows = examples.inputs.shape[0]
    const parts: Tensor[] = []
    for (let start = 0; start < rows; start += ROWS) {
      const count = Math.min(ROWS, rows - start)
      const part = tf.tidy(() => {
        const { inputs, labels } = sliceBatch(tf, examples, start, count)
        const logits = model.apply(tf, params, inputs)
        const hits = tf.cast(countCorrect(tf, logits, labels), 'float32')
        return tf.stack([tf.mul(softmaxCrossEntropy(tf, logits, labels), count / rows), tf.div(hits, rows)])
      })
      parts.push(part)
    }
    return tf.addN(parts)
  })
}
