import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestEigenvalue } from '../../src/numerics/tridiagonal.ts'

test.each([
  [[3], [], 3],
  [[-3], [], -3],
  [[1, 5, 2], [0, 0], 5],
  [[0, 0], [1], 1],
  [[2, 2], [-1], 3],
  [[-5, -1], [0], -1],
])('the largest eigenvalue of diagonal %j beside %j is %d', (diagonal, beside, expected) => {
  expect(largestEigenvalue(diagonal, beside)).toBeCloseTo(expected, 12)
})

test('of the second difference of n points it is 2 + 2 cos(π / (n + 1))', () => {
  for (const n of [2, 7, 40]) {
    const diagonal = Array.from({ length: n }, () => 2)
    const beside = Array.from({ length: n - 1 }, () => -1)
    expect(largestEigenvalue(diagonal, beside)).toBeCloseTo(2 + 2 * Math.cos(Math.PI / (n + 1)), 10)
  }
})

test('no vector has a higher Rayleigh quotient, and it moves with the diagonal', () => {
  const value = fc.double({ min: -5, max: 5, noNaN: true })
  const list = fc.array(value, { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(list, list, list, (diagonal, more, vector) => {
      const beside = more.slice(0, 5)
      const top = largestEigenvalue(diagonal, beside)
      const square = vector.reduce((sum, x) => sum + x * x, 0)
      const cross = beside.reduce((sum, b, i) => sum + 2 * b * (vector[i] ?? 0) * (vector[i + 1] ?? 0), 0)
      const quotient = vector.reduce((sum, x, i) => sum + (diagonal[i] ?? 0) * x * x, 0) + cross
      expect(quotient).toBeLessThanOrEqual(top * square + 1e-9)
      expect(
        largestEigenvalue(
          diagonal.map((each) => each + 1),
          beside,
        ),
      ).toBeCloseTo(top + 1, 9)
    }),
  )
})

test('of what is no number is no number', () => {
  expect(largestEigenvalue([Number.NaN, 1], [0])).toBeNaN()
})
