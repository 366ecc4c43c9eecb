import type { Dataset } from '../../../src/train/data/dataset.ts'

/** Rows that can be told apart: row i has the single feature i and the label i % 3. */
export function numbered(rows: number): Dataset {
  return {
    rows,
    inputs: { features: { values: Float32Array.from({ length: rows }, (_, i) => i), shape: [1] } },
    labels: { values: Int32Array.from({ length: rows }, (_, i) => i % 3), shape: [] },
  }
}

/** The numbers of a numbered dataset's rows. */
export function numbersOf({ inputs }: Dataset): number[] {
  return [...(inputs.features?.values ?? [])]
}

export function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b)
}

export function upTo(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
