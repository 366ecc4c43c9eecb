import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Engine } from '../../../src/study/engine.ts'
import {
  classification,
  createBatches,
  disposeTraining,
  gatherBatch,
  initialWeights,
  loadDigits,
  type Model,
  splitDataset,
  startTraining,
  type Transformation,
  trainStep,
  uploadDataset,
} from '../../../src/train/index.ts'

const ROWS = 8

/**
 * The loss of each step, from a start, batches and masks that are the same on every engine. Leaves no tensors, and reads
 * the losses together at the end: to wait for some devices takes as long as several steps.
 */
export async function lossCurve(
  engine: Engine,
  model: Model,
  optimizer: Transformation,
  steps: number,
): Promise<number[]> {
  const tf = await engine.load()
  const { train } = splitDataset(loadDigits())
  const data = uploadDataset(tf, train)
  const random = (purpose: string) => createRandom(0, 1, purpose)
  const batches = createBatches(train.rows, random)
  const masks = random('masks')
  const training = { model, optimizer, task: classification }
  const losses: Tensor[] = []
  let state = startTraining(tf, training, initialWeights(model, random))
  for (let step = 0; step < steps; step++) {
    state = trainStep(tf, training, state, () => gatherBatch(tf, data, batches.next(ROWS)), masks)
    losses.push(state.lossSum)
    state = { ...state, lossSum: tf.scalar(0) }
  }
  const curve = tf.stack(losses)
  const values = [...(await curve.data())]
  disposeTraining(state)
  tf.dispose([data.inputs, data.labels, losses, curve])
  return values
}
