import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitDataset, splitRows } from '../../../src/train/data/split.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { numbered, numbersOf, sorted, upTo } from './numbered.ts'

const seed = fc.integer({ min: 0, max: 1000 })

function countsIn(rows: readonly number[], keys: readonly number[]): Map<number | undefined, number> {
  const counts = new Map<number | undefined, number>()
  for (const row of rows) counts.set(keys[row], (counts.get(keys[row]) ?? 0) + 1)
  return counts
}

describe('a split', () => {
  test('gives disjoint parts that make up the whole, labels with their rows, the same every time', () => {
    const data = numbered(101)
    const split = splitDataset(data, { validation: 0.25, test: 0.15 })
    expect([split.train.rows, split.validation.rows, split.test.rows]).toEqual([61, 25, 15])
    const parts = [split.train, split.validation, split.test]
    const all = parts.flatMap(numbersOf)
    expect(sorted(all)).toEqual(upTo(101))
    expect(all).not.toEqual(upTo(101))
    for (const part of parts) expect([...part.labels.values]).toEqual(numbersOf(part).map((i) => i % 3))
    expect(splitDataset(data, { validation: 0.25, test: 0.15 })).toEqual(split)
    expect(splitDataset(data, { validation: 0.25, test: 0.15, seed: 1 }).test).not.toEqual(split.test)
    expect(splitRows(101, { validation: 0.25, test: 0.15 }).test).toEqual(numbersOf(split.test))
  })

  test('in strata gives every part its share of each class to within two rows, and sizes as ever', () => {
    const share = fc.double({ min: 0.05, max: 0.4, noNaN: true })
    const strata = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 20, maxLength: 200 })
    fc.assert(
      fc.property(strata, share, share, seed, (strata, validation, test, seed) => {
        const parts = splitRows(strata.length, { strata, validation, test, seed })
        const plain = splitRows(strata.length, { validation, test, seed })
        const all = upTo(strata.length)
        expect(sorted([parts.train, parts.validation, parts.test].flat())).toEqual(all)
        for (const part of ['train', 'validation', 'test'] as const) {
          expect(parts[part]).toHaveLength(plain[part].length)
          const counts = countsIn(parts[part], strata)
          for (const [key, count] of countsIn(all, strata)) {
            const fair = (count * parts[part].length) / all.length
            expect(Math.abs((counts.get(key) ?? 0) - fair)).toBeLessThan(2)
          }
        }
      }),
    )
  })

  test('in groups never parts a group, and leaves no part empty', () => {
    const groups = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 100 })
      .filter((groups) => new Set(groups).size >= 3)
    fc.assert(
      fc.property(groups, seed, (groups, seed) => {
        const { train, validation, test } = splitRows(groups.length, { groups, seed })
        const parts = [train, validation, test]
        expect(sorted(parts.flat())).toEqual(upTo(groups.length))
        const seen = parts.flatMap((part) => [...new Set(part.map((row) => groups[row]))])
        expect(new Set(seen).size).toBe(seen.length)
        expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0)
      }),
    )
  })

  test('with many small groups keeps to the shares', () => {
    const groups = upTo(1000).map((row) => `person ${row % 200}`)
    const { train, validation, test } = splitRows(1000, { groups, validation: 0.1, test: 0.3 })
    expect([train.length, validation.length, test.length]).toEqual([600, 100, 300])
  })

  test('takes test data that are published apart, and deals all rows to the other two', () => {
    const published = numbered(7)
    const { train, validation, test } = splitDataset(numbered(50), { test: published })
    expect(test).toBe(published)
    expect([train.rows, validation.rows]).toEqual([40, 10])
    expect(sorted([...numbersOf(train), ...numbersOf(validation)])).toEqual(upTo(50))
  })

  test('that would leave a part empty, or has not a key for each row, is refused', () => {
    for (const options of [
      { validation: 0.6, test: 0.4 },
      { validation: 0 },
      { test: Number.NaN },
      { groups: [1, 1, 1, 1, 1, 2, 2, 2, 2, 2] },
    ]) {
      expect(thrownBy(() => splitDataset(numbered(10), options))).toMatchObject({ code: 'data.invalid', path: 'split' })
    }
    expect(thrownBy(() => splitRows(10, { strata: [1, 2] }))).toMatchObject({ code: 'data.invalid', path: 'strata' })
  })
})
