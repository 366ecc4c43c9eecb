import type { Scalar, Variable } from '@tensorflow/tfjs-core'
import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import {
  classification,
  createBatches,
  forward,
  gatherBatch,
  initialWeights,
  toTensors,
  uploadDataset,
} from '../../src/train/index.ts'
import type { trainingOf } from './case.ts'

/** The same steps as a user of TensorFlow.js writes them: `minimize` of its own Adam. */
export function minimizeSteps(tf: Tf, { model, data, batchSize }: ReturnType<typeof trainingOf>) {
  const random = (purpose: string) => createRandom(0, 0, purpose)
  const examples = uploadDataset(tf, data.train)
  const batches = createBatches(data.train.rows, random)
  const variables: Variable[] = toTensors(tf, initialWeights(model, random)).map((tensor) => tf.variable(tensor))
  const optimizer = tf.train.adam(1e-3)
  return {
    step(): void {
      tf.tidy(() => {
        const { inputs, labels } = gatherBatch(tf, examples, batches.next(batchSize))
        optimizer.minimize((): Scalar => {
          const outputs = model.apply(forward(tf, model, variables, inputs), inputs)
          return classification.loss(tf, outputs, labels)
        })
      })
    },
    dispose(): void {
      optimizer.dispose()
      tf.dispose([variables, examples.inputs, examples.labels])
    },
  }
}
