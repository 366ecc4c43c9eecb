import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import {
  applyGradients,
  classification,
  createBatches,
  disposeReplaced,
  gatherBatch,
  gradientsOf,
  initialWeights,
  startOptimizer,
  toTensors,
  uploadDataset,
} from '../../src/train/index.ts'
import type { trainingOf } from './case.ts'

/** Training steps of gradients and an optimizer with nothing around them. */
export function bareSteps(tf: Tf, { model, optimizer, data, batchSize }: ReturnType<typeof trainingOf>) {
  const random = (purpose: string) => createRandom(0, 0, purpose)
  const examples = uploadDataset(tf, data.train)
  const batches = createBatches(data.train.rows, random)
  let state = startOptimizer(tf, optimizer, toTensors(tf, initialWeights(model, random)), model.parameters)
  return {
    step(): void {
      const gradients = tf.tidy(() => {
        const batch = gatherBatch(tf, examples, batches.next(batchSize))
        return gradientsOf(tf, model, classification, state.params, batch).gradients
      })
      const next = applyGradients(tf, optimizer, state, gradients, { isSpent: true })
      disposeReplaced(state, next)
      tf.dispose(gradients)
      state = next
    },
    dispose(): void {
      disposeReplaced(state)
      tf.dispose([examples.inputs, examples.labels])
    },
  }
}
