import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import type { Batch, Model, Values } from './models/model.ts'

/** Rows of the training set. */
const ROWS = 8192
/** Places in a pool of dropout numbers at which a step may begin to read. */
const PLACES = 65_521

/** A training set that lives on the device. */
export interface DeviceExamples {
  /** The next batch, gathered on the device in a fixed random order. Call it in `tf.tidy`. */
  next(): Batch
}

/**
 * Uploads a model's training set, the order of its rows, and numbers for dropout. From then on a batch takes no upload:
 * it is gathered by a slice of the order, and a mask is a slice of the numbers that begins elsewhere at every step.
 */
export function uploadExamples(tf: Tf, model: Model, batch: number): DeviceExamples {
  const random = createRandom(0, 0, 'examples')
  const { inputs, targets } = model.examples(ROWS, random)
  const device = { inputs: toTensor(tf, inputs), targets: toTensor(tf, targets) }
  const order = tf.tensor1d(Int32Array.from(random.permutation(ROWS)), 'int32')
  const pools = model.dropouts.map(({ rate, units }) => {
    const numbers = Float32Array.from({ length: batch * units + PLACES }, () =>
      random.next() < rate ? 0 : 1 / (1 - rate),
    )
    return { units, numbers: tf.tensor1d(numbers) }
  })
  const batches = Math.floor(ROWS / batch)
  if (!(Number.isInteger(batch) && batches > 0)) throw new RangeError(`A batch has 1 to ${ROWS} rows, not ${batch}.`)
  let step = 0

  return {
    next() {
      const rows = order.slice([(step % batches) * batch], [batch])
      const place = (step * 9973) % PLACES
      step++
      return {
        inputs: tf.gather(device.inputs, rows),
        targets: tf.gather(device.targets, rows),
        masks: pools.map(({ units, numbers }) => numbers.slice([place], [batch * units]).as2D(batch, units)),
      }
    },
  }
}

function toTensor(tf: Tf, { values, shape, dtype }: Values): Tensor {
  return tf.tensor(values, shape, dtype)
}
