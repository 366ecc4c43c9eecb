import type { KernelFunc, Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Tf } from '../study/engine.ts'

/** The kernel that an engine registers to write rows in place. Engines without it copy the table. */
export const REPLACE_ROWS = 'ReplaceRows'

/**
 * A table with some rows replaced, at the cost of those rows: the result takes over the table's memory unless a clone of
 * it is alive, in which case it is copied first. The table itself must not be read any more; the caller disposes it.
 * @param table float32 [rows, …]
 * @param places int32 [count], row numbers, each once
 * @param rows float32 [count, …]
 */
export function replaceRows(tf: Tf, table: Tensor, places: Tensor1D, rows: Tensor): Tensor {
  if (!tf.getKernel(REPLACE_ROWS, tf.getBackend())) return copyWithRows(tf, table, places, rows)
  return tf.engine().runKernel(REPLACE_ROWS, { table, places, rows })
}

export interface ReplaceRowsInputs {
  readonly table: TensorInfo
  readonly places: TensorInfo
  readonly rows: TensorInfo
}

/** The inputs of the kernel, which has one caller. */
export function replaceRowsInputs({ inputs }: Pick<Parameters<KernelFunc>[0], 'inputs'>): ReplaceRowsInputs {
  const { table, places, rows } = inputs
  if (table && places && rows) return { table, places, rows }
  throw new DynotuneError('internal', `The kernel ${REPLACE_ROWS} was called without its inputs.`)
}

function copyWithRows(tf: Tf, table: Tensor, places: Tensor1D, rows: Tensor): Tensor {
  const values = Float32Array.from(table.dataSync())
  const [count = 0] = places.shape
  const width = count === 0 ? 0 : rows.size / count
  const replacements = rows.dataSync()
  places.dataSync().forEach((place, i) => {
    values.set(replacements.subarray(i * width, (i + 1) * width), place * width)
  })
  return tf.tensor(values, table.shape)
}
