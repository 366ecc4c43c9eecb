import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import type { Inputs } from '../models/model.ts'
import type { Column, Dataset } from './dataset.ts'
import { type Touched, touchedBy } from './touched.ts'

/** Some examples on the device. The first axis of every tensor is the examples'. */
export interface Batch extends BatchTensors {
  /** Which rows of a table its ids in an input touch. Without it a step differentiates and updates whole tables. */
  touched?(input: string): Touched
}

type BatchTensors = {
  readonly inputs: Inputs
  readonly labels: Tensor
}

/** A dataset on the device, with the ids among its inputs, which are known here too. */
export type Examples = Batch & { readonly ids: { readonly [input: string]: Column } }

/** Copies a whole dataset to the device, once: batches are gathered there. The caller disposes its tensors. */
export function uploadDataset(tf: Tf, { inputs, labels, rows }: Dataset): Examples {
  const ids = Object.fromEntries(Object.entries(inputs).filter(([, { values }]) => values instanceof Int32Array))
  const upload = ({ values, shape }: Column) =>
    tf.tensor(values, [rows, ...shape], values instanceof Int32Array ? 'int32' : 'float32')
  return { ...mapBatch({ inputs, labels }, upload), ids }
}

/** The given rows, in the given order. Only their numbers travel to the device. */
export function gatherBatch(tf: Tf, examples: Examples, rows: readonly number[]): Batch {
  const batch = tf.tidy(() => {
    const indices = tf.tensor1d(Int32Array.from(rows), 'int32')
    return mapBatch(examples, (tensor) => tf.gather(tensor, indices))
  })
  return { ...batch, touched: (input) => touchedBy(columnOf(examples, input), rows) }
}

/** `count` rows from row `start` on. */
export function sliceBatch(tf: Tf, batch: Batch, start: number, count: number): Batch {
  const rest = (tensor: Tensor) => tensor.shape.slice(1)
  return mapBatch(batch, (tensor) => tf.slice(tensor, [start, ...rest(tensor).map(() => 0)], [count, ...rest(tensor)]))
}

function columnOf({ ids }: Examples, input: string): Column {
  const column = ids[input]
  if (column) return column
  throw new DynotuneError('data.invalid', `The data have no ids "${input}", which the model looks up.`, {
    path: input,
    value: Object.keys(ids),
    remedy: 'give them as integers: an Int32Array',
  })
}

function mapBatch<T>(
  { inputs, labels }: { inputs: { readonly [name: string]: T }; labels: T },
  map: (each: T) => Tensor,
): BatchTensors {
  return {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, map(each)])),
    labels: map(labels),
  }
}
