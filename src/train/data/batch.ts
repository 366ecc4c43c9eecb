import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import type { Dataset } from './dataset.ts'

/** Labelled examples on the device. */
export type Batch = {
  /** [rows, width] */
  readonly inputs: Tensor2D
  /** [rows], int32 */
  readonly labels: Tensor1D
}

/** Copies a whole dataset to the device, once: batches are gathered there. The caller disposes it. */
export function uploadDataset(tf: Tf, { features, labels, rows, width }: Dataset): Batch {
  return { inputs: tf.tensor2d(features, [rows, width]), labels: tf.tensor1d(labels, 'int32') }
}

/** The given rows, in the given order. Only their numbers travel to the device. */
export function gatherBatch(tf: Tf, { inputs, labels }: Batch, rows: readonly number[]): Batch {
  return tf.tidy(() => {
    const indices = tf.tensor1d(Int32Array.from(rows), 'int32')
    return { inputs: tf.gather(inputs, indices), labels: tf.gather(labels, indices) }
  })
}

/** `count` rows from row `start` on. */
export function sliceBatch(tf: Tf, { inputs, labels }: Batch, start: number, count: number): Batch {
  return { inputs: tf.slice(inputs, [start, 0], [count, -1]), labels: tf.slice(labels, start, count) }
}
