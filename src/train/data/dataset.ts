/** Labelled examples for a classifier, as plain arrays: back ends make their own tensors of them. */
export interface Dataset {
  /** Row-major, `rows` by `width`. */
  readonly features: Float32Array
  /** One integer in [0, classes) a row. */
  readonly labels: Int32Array
  readonly rows: number
  /** Features a row. */
  readonly width: number
  readonly classes: number
}

/** A copy of the given rows, in the given order. */
export function takeRows(dataset: Dataset, rows: readonly number[]): Dataset {
  const { width } = dataset
  const features = new Float32Array(rows.length * width)
  const labels = new Int32Array(rows.length)
  rows.forEach((row, i) => {
    features.set(dataset.features.subarray(row * width, (row + 1) * width), i * width)
    labels[i] = dataset.labels[row] ?? 0
  })
  return { ...dataset, features, labels, rows: rows.length }
}
