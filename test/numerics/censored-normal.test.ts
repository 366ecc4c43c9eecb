import { describe, expect, test } from 'vitest'
import { censoredSample } from '../../src/numerics/censored-normal.ts'

const VALUES = [1.2, 0.4, 2.1, 1.7, 0.9, 1.5]
const LIMITS = [2, 2.5, 1]

describe('a censored sample', () => {
  // scipy.optimize.minimize of scipy.stats.norm.logpdf and logsf, without the constant n log(2π) / 2.
  test('has the likeliest mean and deviation', () => {
    const { mean, deviation, logLikelihood } = censoredSample(VALUES, LIMITS).fit()
    expect(mean).toBeCloseTo(1.6899908670448422, 6)
    expect(deviation).toBeCloseTo(0.7958599357335657, 6)
    expect(logLikelihood).toBeCloseTo(-3.9240337139022445, 10)
  })

  // scipy.optimize.minimize_scalar over the deviation.
  test.each([
    [0.5, -8.894774729459726],
    [1.7, -3.9246243221145667],
    [3, -7.436858097007808],
  ])('makes a mean of %d so likely', (mean, expected) => {
    expect(censoredSample(VALUES, LIMITS).at(mean)).toBeCloseTo(expected, 9)
  })

  test('without censoring is a normal one', () => {
    const { mean, deviation } = censoredSample(VALUES, []).fit()
    expect(mean).toBeCloseTo(1.3, 12)
    expect(deviation ** 2).toBeCloseTo(
      VALUES.reduce((sum, value) => sum + (value - 1.3) ** 2 / 6, 0),
      12,
    )
  })

  test('does not care for limits far below, and has a finite likelihood where all values are the same', () => {
    const { mean } = censoredSample(VALUES, [-50]).fit()
    expect(mean).toBeCloseTo(1.3, 9)
    const same = censoredSample([2, 2, 2], [1]).fit()
    expect(same.mean).toBeCloseTo(2, 8)
    expect(same.deviation).toBeCloseTo(0, 8)
    expect(Number.isFinite(same.logLikelihood)).toBe(true)
  })
})
