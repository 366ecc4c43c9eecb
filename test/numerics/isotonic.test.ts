import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fallingSquares, nearestFalling } from '../../src/numerics/isotonic.ts'

test('pools adjacent violators', () => {
  expect([...nearestFalling(Float64Array.of(5, 3, 4, 4, 1, 2))]).toEqual([
    5,
    ...[11 / 3, 11 / 3, 11 / 3].map((each) => expect.closeTo(each, 12)),
    1.5,
    1.5,
  ])
  expect([...fallingSquares(Float64Array.of(5, 3, 4))]).toEqual([0, 0, 0, 0.5])
  expect([...fallingSquares(new Float64Array(0))]).toEqual([0])
})

test('the fit never rises, is no further than any other that does not, and leaves the squares that are said', () => {
  const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(numbers, numbers, (own, others) => {
      const fitted = nearestFalling(Float64Array.from(own))
      const distance = (to: ArrayLike<number>) => own.reduce((sum, each, i) => sum + (each - (to[i] ?? 0)) ** 2, 0)
      for (let i = 1; i < own.length; i++) expect(fitted[i]).toBeLessThanOrEqual((fitted[i - 1] ?? 0) + 1e-12)
      const other = own.map((_, i) => others[i % others.length] ?? 0).sort((a, b) => b - a)
      expect(distance(fitted)).toBeLessThanOrEqual(distance(other) + 1e-9)
      expect(fallingSquares(Float64Array.from(own)).at(-1)).toBeCloseTo(distance(fitted), 9)
    }),
  )
})
