import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../../src/train/data/encoding/prepare.ts'
import { loadAdult } from '../../../../src/train/data/files/adult.ts'
import { splitRows } from '../../../../src/train/data/split.ts'

/** Made up, in the form of the real file. */
const SAMPLE = new URL('../../../fixtures/train/adult-sample.data', import.meta.url)

/** The real file, where it lies beside the repository. */
const REAL = fileURLToPath(new URL('../../../../../shared/data/adult.data.gz', import.meta.url))
if (!existsSync(REAL)) console.warn('The test of the real "Adult" is left out: its file is not beside the repository.')

test('a file of its form gives 6 standardized features and 8 fields of distinct ids', () => {
  const table = loadAdult(SAMPLE)
  expect(table.rows).toBe(60)
  const { train, test, encoding } = prepare(table, splitRows(table.rows))
  expect(train.inputs.features?.shape).toEqual([6])
  expect(train.inputs.categories?.shape).toEqual([8])
  expect(encoding.classes).toEqual(['<=50K', '>50K'])
  expect(test.labels.values.every((label) => label === 0 || label === 1)).toBe(true)
  for (const [column, { start, size }] of encoding.fields.entries()) {
    const ids = test.inputs.categories?.values.filter((_, i) => i % 8 === column) ?? []
    expect(ids.every((id) => id >= start && id < start + size)).toBe(true)
  }
})

describe.skipIf(!existsSync(REAL))('the real file', () => {
  // Vitest calls this function even where its tests are left out.
  const load = () => loadAdult(REAL)

  test('has the rows, the share of high incomes and the missing values that are known', () => {
    const table = load()
    expect(table.rows).toBe(32_561)
    expect(table.strings.income?.filter((income) => income === '>50K')).toHaveLength(7841)
    const missing = (column: string) => table.strings[column]?.filter((value) => value === '').length
    expect([missing('workclass'), missing('occupation'), missing('native-country')]).toEqual([1836, 1843, 583])
  })

  test('has as many values in each field as its description', () => {
    const table = load()
    const { encoding } = prepare(table, { train: Array.from({ length: table.rows }, (_, i) => i), validation: [] })
    expect(encoding.fields.map(({ size }) => size - 1)).toEqual([8, 16, 7, 14, 6, 5, 2, 41])
  })
})
