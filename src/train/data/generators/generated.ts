import type { Column, Dataset } from '../dataset.ts'

/** Data that were made up, with what is true of them. */
export interface Generated<Truth> {
  readonly dataset: Dataset
  readonly truth: Truth
}

export interface GeneratorOptions {
  readonly rows: number
  /** Default 0. */
  readonly seed?: number
}

/** Writes the features of a row, zeros until then, and returns what the row's label is made from. */
export type DrawRow = (features: Float32Array) => number

/** `features` [width] drawn row by row, and what `draw` returned for each row. */
export function drawRows(rows: number, width: number, draw: DrawRow): { features: Column; drawn: number[] } {
  const values = new Float32Array(rows * width)
  const drawn = Array.from({ length: rows }, (_, row) => draw(values.subarray(row * width, (row + 1) * width)))
  return { features: { values, shape: [width] }, drawn }
}

/** A dataset of `features` [width], whose labels are what `draw` returns. */
export function drawTargets(rows: number, width: number, draw: DrawRow): Dataset {
  const { features, drawn } = drawRows(rows, width, draw)
  return { rows, inputs: { features }, labels: { values: Float32Array.from(drawn), shape: [] } }
}
