import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldDataset, foldRows } from '../../../src/train/data/folds.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { numbered, numbersOf, sorted, upTo } from './numbered.ts'

const seed = fc.integer({ min: 0, max: 1000 })
const folds = fc.integer({ min: 2, max: 8 })

describe('folds', () => {
  test('have disjoint validation parts that make up what the test part leaves, and train on the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 80 }), folds, fc.constantFrom(0, 0.2), seed, (rows, k, share, seed) => {
        const { count, fold, test } = foldRows(rows, { folds: k, test: share, seed })
        expect(count).toBe(k)
        expect(test).toHaveLength(Math.round(share * rows))
        const parts = upTo(count).map(fold)
        expect(sorted([...test, ...parts.flatMap(({ validation }) => validation)])).toEqual(upTo(rows))
        for (const { train, validation } of parts) {
          expect(sorted([...test, ...train, ...validation])).toEqual(upTo(rows))
          expect(Math.abs(validation.length - (rows - test.length) / k)).toBeLessThan(1)
        }
      }),
    )
  })

  test('in strata have each class in every fold equally often, to within one row', () => {
    const strata = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 100 })
    fc.assert(
      fc.property(strata, folds, seed, (strata, k, seed) => {
        const { count, fold } = foldRows(strata.length, { strata, folds: k, test: 0, seed })
        for (const key of new Set(strata)) {
          const counts = upTo(count).map((i) => fold(i).validation.filter((row) => strata[row] === key).length)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('in groups never have a group in training and validation, nor in the test part', () => {
    const groups = upTo(60).map((row) => row % 12)
    const { count, fold, test } = foldRows(60, { groups, folds: 4 })
    const of = (rows: readonly number[]) => [...new Set(rows.map((row) => groups[row]))]
    for (const { train, validation } of upTo(count).map(fold)) {
      const all = [...of(train), ...of(validation), ...of(test)]
      expect(new Set(all).size).toBe(all.length)
    }
  })

  test('of one each leave out every row once, or every group', () => {
    const each = foldRows(10, { folds: 'each', test: 0 })
    expect(sorted(upTo(each.count).flatMap((i) => each.fold(i).validation))).toEqual(upTo(10))
    expect(each.fold(3).train).toHaveLength(9)
    const groups = ['a', 'b', 'a', 'c', 'c']
    const { count, fold } = foldRows(5, { folds: 'each', test: 0, groups })
    const left = upTo(count).map((i) => sorted(fold(i).validation).join())
    expect(left.toSorted()).toEqual(['0,2', '1', '3,4'])
  })

  test('of a dataset are its rows, labels with them', () => {
    const data = numbered(20)
    const [rows, datasets] = [foldRows(20, { folds: 4, seed: 3 }), foldDataset(data, { folds: 4, seed: 3 })]
    const { train, validation } = datasets.fold(1)
    expect([numbersOf(train), numbersOf(validation), numbersOf(datasets.test)]).toEqual([
      rows.fold(1).train,
      rows.fold(1).validation,
      rows.test,
    ])
    expect([...validation.labels.values]).toEqual(numbersOf(validation).map((i) => i % 3))
  })

  test('that cannot be are refused', () => {
    for (const folds of [1, 11, 2.5]) {
      expect(thrownBy(() => foldRows(10, { folds, test: 0 }))).toMatchObject({ code: 'data.invalid', path: 'folds' })
    }
    expect(thrownBy(() => foldRows(10, { groups: Array(10).fill(1), test: 0, folds: 2 })).path).toBe('folds')
    expect(thrownBy(() => foldRows(10).fold(5))).toMatchObject({ code: 'data.invalid', path: 'index', value: 5 })
  })
})
