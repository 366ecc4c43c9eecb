import { measureRate } from '../../engine/rate.ts'
import { createRandom } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import {
  adam,
  classification,
  type Dataset,
  disposeTraining,
  gatherBatch,
  initialWeights,
  mlp,
  startTraining,
  trainStep,
  uploadDataset,
} from '../../train/index.ts'

const BATCH = 128
const INPUTS = 784
const CLASSES = 10

export interface TrainingRate {
  readonly stepsPerSecond: number
  readonly examplesPerSecond: number
}

/**
 * The rate of training steps on the current back end, for about a second: a dense network 784-512-512-10, Adam, batches of
 * 128. Leaves no tensors.
 */
export async function measureTraining(tf: Tf): Promise<TrainingRate> {
  const random = createRandom(0, 0, 'doctor')
  const model = mlp({ inputs: INPUTS, hidden: [512, 512], classes: CLASSES })
  const training = { model, task: classification, optimizer: adam({ learningRate: 1e-3 }) }
  const dataset: Dataset = {
    rows: BATCH,
    inputs: {
      features: { values: Float32Array.from({ length: BATCH * INPUTS }, () => random.next()), shape: [INPUTS] },
    },
    labels: { values: Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES), shape: [] },
  }
  const data = uploadDataset(tf, dataset)
  const rows = Array.from({ length: BATCH }, (_, i) => i)
  let state = startTraining(
    tf,
    training,
    initialWeights(model, (purpose) => createRandom(0, 0, purpose)),
  )
  try {
    const stepsPerSecond = await measureRate(
      () => {
        state = trainStep(tf, training, state, () => gatherBatch(tf, data, rows), random)
      },
      () => state.lossSum.data(),
    )
    return { stepsPerSecond, examplesPerSecond: stepsPerSecond * BATCH }
  } finally {
    disposeTraining(state)
    tf.dispose([data.inputs, data.labels])
  }
}
