import { DynotuneError } from '../../../errors.ts'
import type { Dataset } from '../dataset.ts'

/** Row numbers of parts, as `splitRows` or a fold has them. No row may be in two. */
export interface PartRows {
  readonly train: readonly number[]
  readonly validation: readonly number[]
  readonly test?: readonly number[]
}

export interface PartDatasets {
  readonly train: Dataset
  readonly validation: Dataset
  readonly test?: Dataset
}

/** Datasets of the parts. */
export function encodeParts(parts: PartRows, encode: (rows: readonly number[]) => Dataset): PartDatasets {
  const { train, validation, test } = parts
  return { train: encode(train), validation: encode(validation), ...(test && { test: encode(test) }) }
}

/** @throws DynotuneError `data.invalid` unless the parts are disjoint sets of the rows, with some to learn from */
export function requireParts(rows: number, { train, validation, test = [] }: PartRows): void {
  const seen = new Set<number>()
  for (const row of [train, validation, test].flat()) {
    if (!Number.isInteger(row) || row < 0 || row >= rows || seen.has(row)) {
      throw new DynotuneError('data.invalid', `The parts are not disjoint sets of ${rows} rows.`, {
        path: 'parts',
        value: row,
        remedy: 'split with `splitRows` or `foldRows`',
      })
    }
    seen.add(row)
  }
  if (train.length > 0) return
  throw new DynotuneError('data.invalid', 'There are no rows to learn from.', { path: 'parts.train' })
}
