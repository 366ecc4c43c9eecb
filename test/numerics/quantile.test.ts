import { expect, test } from 'vitest'
import { median, quantile } from '../../src/numerics/quantile.ts'

test('quantiles of type 7: at, between and beyond numbers', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4, 8, 16], share))).toEqual([
    1,
    2,
    4,
    expect.closeTo(12.8, 12),
    16,
  ])
  expect(quantile([7], 0.3)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
  expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.5)).toBe(2)
  expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.75)).toBe(Number.POSITIVE_INFINITY)
})

test('the median of an even count is the mean of the middle two, in any order', () => {
  expect(median([9, 1, 4, 2])).toBe(3)
  expect(median([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY)
})
