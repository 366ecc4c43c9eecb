import { expect, test } from 'vitest'
import { betaQuantile } from '../../src/numerics/beta-quantile.ts'
import { chiSquareCdf, chiSquareQuantile } from '../../src/numerics/chi-square.ts'
import { wilsonInterval } from '../../src/numerics/wilson.ts'

// From SciPy 1.16: chi2.cdf, chi2.ppf, beta.ppf.
test.each([
  [0.5, 1, 0.5204998778130466],
  [3, 4, 0.4421745996289252],
  [30, 10, 0.9991433587892247],
  [100, 120, 0.09226505195893298],
])('chi-square: P(X ≤ %d), %d degrees', (x, degrees, expected) => {
  expect(chiSquareCdf(x, degrees)).toBeCloseTo(expected, 12)
})

test.each([
  [0.025, 1, 0.0009820691171752555],
  [0.025, 4, 0.4844185570879299],
  [0.975, 9, 19.02276779864163],
  [0.975, 200, 241.05789550631093],
])('chi-square: the quantile of %d, %d degrees', (p, degrees, expected) => {
  expect(chiSquareQuantile(p, degrees) / expected).toBeCloseTo(1, 10)
})

test.each([
  [0.025, 3, 8, 0.06673951117773447],
  [0.975, 1, 20, 0.1684334709830853],
  [0.5, 0.5, 0.5, 0.5],
])('beta: the quantile of %d', (p, a, b, expected) => {
  expect(betaQuantile(p, a, b)).toBeCloseTo(expected, 11)
})

test('Wilson: the values of Newcombe 1998, table I, and the ends', () => {
  for (const [hits, tries, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const found = wilsonInterval(hits, tries)
    expect(found[0]).toBeCloseTo(low, 4)
    expect(found[1]).toBeCloseTo(high, 4)
  }
  expect(wilsonInterval(20, 20)[1]).toBe(1)
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})
