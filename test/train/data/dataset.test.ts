import { expect, test } from 'vitest'
import { takeRows } from '../../../src/train/data/dataset.ts'

test('rows are taken in the order asked for, as a copy, from every column', () => {
  const dataset = {
    rows: 3,
    inputs: {
      features: { values: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [2] },
      categories: { values: Int32Array.of(7, 8, 9), shape: [] },
    },
    labels: { values: Int32Array.of(0, 1, 2), shape: [] },
  }
  const taken = takeRows(dataset, [2, 0, 2])
  expect(taken).toEqual({
    rows: 3,
    inputs: {
      features: { values: Float32Array.of(4, 5, 0, 1, 4, 5), shape: [2] },
      categories: { values: Int32Array.of(9, 7, 9), shape: [] },
    },
    labels: { values: Int32Array.of(2, 0, 2), shape: [] },
  })
  taken.labels.values[0] = 5
  expect(dataset.labels.values[2]).toBe(2)
})
