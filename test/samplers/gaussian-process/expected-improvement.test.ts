import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalCdf, normalDensity } from '../../../src/numerics/normal.ts'
import { logExpectedImprovement } from '../../../src/samplers/gaussian-process/expected-improvement.ts'

const slopes = new Float64Array(2)
const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('the logarithm of expected improvement', () => {
  test('is that of the closed form, where that can be computed', () => {
    fc.assert(
      fc.property(finite(-5, 5), finite(0.1, 3), (z, deviation) => {
        const expected = deviation * (normalDensity(z) + z * normalCdf(z))
        const value = logExpectedImprovement(0, deviation, z * deviation, slopes)
        expect(value).toBeCloseTo(Math.log(expected), 7)
      }),
    )
  })

  // log(φ(z) + z Φ(z)) computed with 60 digits.
  test.each([
    [-1, -2.4851210257126413],
    [-10, -55.55312203612236],
    [-40, -808.29856835662],
    [-150, -11260.940342433996],
    [-1e4, -50000019.33961931],
  ])('is right far out, at z = %d', (z, expected) => {
    expect(logExpectedImprovement(0, 1, z, slopes) / expected).toBeCloseTo(1, 12)
  })

  test('has the derivatives of its values, everywhere', () => {
    for (const z of [-1e3, -101, -99, -20, -3, -1.01, -0.99, 0, 2]) {
      const h = 1e-5
      const of = (mean: number, deviation: number) => logExpectedImprovement(mean, deviation, z, new Float64Array(2))
      logExpectedImprovement(0, 1, z, slopes)
      const [byMean = 0, byDeviation = 0] = slopes
      expect((of(h, 1) - of(-h, 1)) / (2 * h) / byMean).toBeCloseTo(1, 4)
      expect((of(0, 1 + h) - of(0, 1 - h)) / (2 * h) / byDeviation).toBeCloseTo(1, 4)
    }
  })
})
