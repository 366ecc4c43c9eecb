import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import type { Dataset } from './data/dataset.ts'
import { toBatch } from './data/tensors.ts'
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
  let loss = 0
  let correct = 0
  for (let start = 0; start < dataset.rows; start += ROWS) {
    const part = rowsBetween(dataset, start, Math.min(start + ROWS, dataset.rows))
    const results = tf.tidy(() => {
      const { inputs, labels } = toBatch(tf, part)
      const logits = model.apply(tf, params, inputs)
      const hits = tf.cast(countCorrect(tf, logits, labels), 'float32')
      return tf.stack([softmaxCrossEntropy(tf, logits, labels), hits])
    })
    const [meanLoss = Number.NaN, hits = Number.NaN] = await results.data()
    results.dispose()
    loss += (meanLoss * part.rows) / dataset.rows
    correct += hits
  }
  return { loss, accuracy: correct / dataset.rows }
}

function rowsBetween(dataset: Dataset, start: number, end: number): Dataset {
  const { features, labels, width } = dataset
  const part = { features: features.subarray(start * width, end * width), labels: labels.subarray(start, end) }
  return { ...dataset, ...part, rows: end - start }
}
