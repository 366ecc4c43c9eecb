import { expect, test } from 'vitest'
import { typical } from '../../../bench/engines/statistics.ts'

test('the median of an even number of values lies halfway between the two in the middle', () => {
  expect(typical([4, 1, 3, 2]).median).toBe(2.5)
  expect(typical([9]).median).toBe(9)
})

test('the interval holds the ranks that cover the median with 95%', () => {
  // Conover, Practical Nonparametric Statistics: for n = 100 the 40th and the 61st of the sorted values.
  const { median, low, high } = typical(Array.from({ length: 100 }, (_, i) => 100 - i))
  expect([low, median, high]).toEqual([40, 50.5, 61])
})

test('few values have no interval', () => {
  expect(typical([1, 2, 3])).toEqual({ median: 2, low: Number.NaN, high: Number.NaN })
})
