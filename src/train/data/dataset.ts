import { sizeOf } from '../../numerics/size-of.ts'

/** Examples as plain arrays, held in one piece: engines make their own tensors of them. */
export interface Dataset {
  readonly rows: number
  /** By the names under which models look for them: `features`, `categories`, `tokens`. */
  readonly inputs: { readonly [name: string]: Column }
  readonly labels: Column
}

/** One value, or one array of values, for each row. Integers (`Int32Array`) are class labels and ids. */
export interface Column {
  /** Row-major. */
  readonly values: Float32Array | Int32Array
  /** Of one row: [] for a single value, [28, 28, 1] for an image. */
  readonly shape: readonly number[]
}

/** A copy of the given rows, in the given order. */
export function takeRows<D extends Dataset>(dataset: D, rows: readonly number[]): D {
  const inputs = Object.fromEntries(Object.entries(dataset.inputs).map(([name, column]) => [name, take(column, rows)]))
  return { ...dataset, rows: rows.length, inputs, labels: take(dataset.labels, rows) }
}

function take({ values, shape }: Column, rows: readonly number[]): Column {
  const size = sizeOf(shape)
  const taken = values instanceof Int32Array ? new Int32Array(rows.length * size) : new Float32Array(rows.length * size)
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * size, (row + 1) * size), i * size)
  })
  return { values: taken, shape }
}
