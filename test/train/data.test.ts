import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { createBatches, type Dataset, loadDigits, splitDataset, takeRows } from '../../src/train/index.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const digits = loadDigits()

describe('the digits', () => {
  test('are 1797 rows of 64 pixels in [0, 1], with all ten labels about equally often', () => {
    expect(digits).toMatchObject({ rows: 1797, width: 64, classes: 10 })
    expect(digits.features).toHaveLength(1797 * 64)
    expect(Math.min(...digits.features)).toBe(0)
    expect(Math.max(...digits.features)).toBe(1)
    const counts = Array.from({ length: 10 }, (_, label) => digits.labels.filter((each) => each === label).length)
    // From the data set's own description.
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    expect([...digits.features.subarray(0, 8)].map((x) => x * 16)).toEqual([0, 0, 5, 13, 9, 1, 0, 0])
  })

  test('that are missing, damaged or something else are named', () => {
    const folder = temporaryFolder()
    const file = (content: string | Buffer) => {
      const path = join(folder, 'data')
      writeFileSync(path, content)
      return path
    }
    expect(thrownBy(() => loadDigits(join(folder, 'absent')))).toMatchObject({
      code: 'data.missing',
      path: join(folder, 'absent'),
    })
    expect(thrownBy(() => loadDigits(file('plain'))).message).toContain('does not unpack')
    expect(thrownBy(() => loadDigits(file(gzipSync('1,2\n')))).message).toContain('1 lines instead of 1797')
    expect(thrownBy(() => loadDigits(file(gzipSync('1,2\n'.repeat(1797))))).message).toContain(
      'line 1 is not 64 pixels and a label',
    )
  })
})

/** Rows that can be told apart: row i has the single feature i. */
function numbered(rows: number): Dataset {
  return {
    features: Float32Array.from({ length: rows }, (_, i) => i),
    labels: Int32Array.from({ length: rows }, (_, i) => i % 3),
    rows,
    width: 1,
    classes: 3,
  }
}

describe('a split', () => {
  test('gives disjoint parts that make up the whole, labels with their rows, the same every time', () => {
    const data = numbered(101)
    const split = splitDataset(data, { validation: 0.25, test: 0.15 })
    expect([split.train.rows, split.validation.rows, split.test.rows]).toEqual([61, 25, 15])
    const parts = [split.train, split.validation, split.test]
    const all = parts.flatMap(({ features }) => [...features])
    expect(all.toSorted((a, b) => a - b)).toEqual([...data.features])
    for (const { features, labels } of parts) expect([...labels]).toEqual([...features].map((i) => i % 3))
    expect(splitDataset(data, { validation: 0.25, test: 0.15 })).toEqual(split)
    expect(splitDataset(data, { validation: 0.25, test: 0.15, seed: 1 }).test).not.toEqual(split.test)
    expect(all).not.toEqual([...data.features])
  })

  test('that would leave a part empty is refused', () => {
    for (const options of [{ validation: 0.6, test: 0.4 }, { validation: 0 }, { test: Number.NaN }]) {
      expect(thrownBy(() => splitDataset(numbered(10), options))).toMatchObject({ code: 'data.invalid', path: 'split' })
    }
  })
})

describe('batches', () => {
  test('cover every row once an epoch, in another order each time, and are all full', () => {
    const batches = createBatches(10, 4, createRandom(0, 0, 'batches'))
    const drawn = Array.from({ length: 10 }, () => batches.next().value)
    expect(drawn.map(({ length }) => length)).toEqual(Array(10).fill(4))
    const epochs = Array.from({ length: 4 }, (_, epoch) => drawn.flat().slice(epoch * 10, epoch * 10 + 10))
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(new Set(epochs.map(String)).size).toBe(4)
  })

  test('follow from the stream', () => {
    const first = (trial: number) => createBatches(100, 32, createRandom(0, trial, 'batches')).next().value
    expect(first(1)).toEqual(first(1))
    expect(first(1)).not.toEqual(first(2))
  })

  test('larger than the data go round several times; impossible ones are refused', () => {
    expect(createBatches(3, 7, createRandom(0, 0, 'b')).next().value).toHaveLength(7)
    expect(thrownBy(() => createBatches(10, 0, createRandom(0, 0, 'b')).next())).toMatchObject({
      code: 'data.invalid',
      path: 'batchSize',
      value: 0,
    })
  })
})

test('rows are taken in the order asked for, as a copy', () => {
  const taken = takeRows(numbered(5), [4, 0, 4])
  expect([[...taken.features], [...taken.labels], taken.rows]).toEqual([[4, 0, 4], [1, 0, 1], 3])
})
