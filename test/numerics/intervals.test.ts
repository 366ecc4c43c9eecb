import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fiellerInterval } from '../../src/numerics/fieller.ts'
import { agedWeights, meanCovariance } from '../../src/numerics/mean-covariance.ts'
import { studentQuantile } from '../../src/numerics/student-t.ts'

// Tables of Student's t.
test.each([
  [1, 0.95, 12.7062],
  [2, 0.95, 4.3027],
  [5, 0.95, 2.5706],
  [5, 0.99, 4.0321],
  [10, 0.95, 2.2281],
  [30, 0.9, 1.6973],
  [120, 0.95, 1.9799],
])('t with %d degrees exceeds its quantile at %d', (degrees, level, expected) => {
  expect(studentQuantile(degrees, level)).toBeCloseTo(expected, 4)
})

describe("Fieller's interval", () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true })

  test('is all the ratios that the means allow', () => {
    fc.assert(
      fc.property(
        value,
        value,
        value,
        value,
        value,
        fc.double({ min: 0, max: 30, noNaN: true }),
        (x, y, p, q, r, rho) => {
          // A covariance matrix: that of (p u, q u + r v).
          const covariance = [p * p + 0.01, p * q, q * q + r * r + 0.01] as const
          const [low, high] = fiellerInterval({ means: [x, y], covariance }, 2)
          const allowed = (x - rho * y) ** 2 - 4 * (covariance[0] - 2 * rho * covariance[1] + rho ** 2 * covariance[2])
          if (allowed < -1e-9) {
            expect(rho).toBeGreaterThanOrEqual(low - 1e-9)
            expect(rho).toBeLessThanOrEqual(high + 1e-9)
          }
          // Where the second mean is clearly not 0 there are no others.
          const isBounded = y * y - 4 * covariance[2] > 1e-6
          if (isBounded && allowed > 1e-9) expect(rho < low || rho > high).toBe(true)
          expect(high === Number.POSITIVE_INFINITY).toBe(y * y - 4 * covariance[2] <= 0)
        },
      ),
    )
  })

  test('of a constant divisor is the one of a mean', () => {
    const [low, high] = fiellerInterval({ means: [6, 2], covariance: [0.25, 0, 0] }, 2)
    expect([low, high]).toEqual([2.5, 3.5])
  })
})

describe('the covariance of means', () => {
  test('is that of independent values on average, whatever the weights', () => {
    // Contrasts are linear: the mean over all unit vectors is what unit variance gives.
    for (const decay of [1, 0.97, 0.8]) {
      const weights = agedWeights(60, decay)
      const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0)
      let trace = 0
      for (let i = 0; i < 60; i++)
        trace += meanCovariance(
          Array.from({ length: 60 }, (_, k) => [k === i ? 1 : 0, 0]),
          weights,
        ).covariance[0]
      expect(trace).toBeCloseTo(squares, 10)
    }
  })

  test('does not see the mean, scales with squares, and is positive', () => {
    const pair = fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 5, maxLength: 40 }),
        fc.double({ min: 0.8, max: 1, noNaN: true }),
        (pairs, decay) => {
          const weights = agedWeights(pairs.length, decay)
          const [xx, xy, yy] = meanCovariance(pairs, weights).covariance
          const moved = meanCovariance(
            pairs.map(([x, y]) => [3 * x + 100, y - 50]),
            weights,
          ).covariance
          expect(moved[0]).toBeCloseTo(9 * xx, 6)
          expect(moved[1]).toBeCloseTo(3 * xy, 6)
          expect(moved[2]).toBeCloseTo(yy, 6)
          expect(xx * yy - xy * xy).toBeGreaterThanOrEqual(-1e-9)
        },
      ),
    )
  })

  test('has 0.41 n^(2/3) degrees of freedom, of what the weights leave of n', () => {
    const degrees = (count: number, decay: number) =>
      meanCovariance(
        Array.from({ length: count }, (_, i) => [i % 3, 1]),
        agedWeights(count, decay),
      ).degrees
    expect([2, 3, 10, 100, 1100].map((count) => degrees(count, 1))).toEqual([0, 1, 1, 8, 43])
    // (1 + 0.99) / (1 - 0.99) = 199.
    expect(degrees(2000, 0.99)).toBe(Math.floor(0.41 * 199 ** (2 / 3)))
  })
})
