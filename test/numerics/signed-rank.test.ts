import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signedRankTest } from '../../src/numerics/signed-rank.ts'

describe('the signed-rank test', () => {
  test('gives the probabilities of published tables', () => {
    // Hollander and Wolfe, table A.4: P(R+ ≥ 15) = 0.031 and P(R+ ≥ 11) = 0.219 at n = 5, P(R+ ≥ 49) = 0.014 at n = 10.
    expect(signedRankTest([1, 2, 3, 4, 5])).toBe(1 / 32)
    expect(signedRankTest([1, 2, 3, -4, 5])).toBe(7 / 32)
    expect(signedRankTest([-1, -2, -3, 4, 5, 6, 7, 8, 9, 10])).toBe(14 / 1024)
  })

  test('agrees with SciPy, exact and beyond', () => {
    const wave = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(1.7 * (i + 1)) + 0.25)
    // scipy.stats.wilcoxon(x, alternative='greater', zero_method='zsplit')
    expect(signedRankTest(wave(12))).toBeCloseTo(0.088134765625, 12)
    expect(signedRankTest(wave(50))).toBeCloseTo(0.0072398958744717135, 12)
    expect(signedRankTest(wave(80))).toBeCloseTo(0.0012569598470392558, 12)
  })

  test('counts all signs, ties and zeros among them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 8 }), (differences) => {
        expect(signedRankTest(differences)).toBeCloseTo(byCounting(differences), 12)
      }),
    )
  })
})

/** Of all ways to sign the differences, the share with ranks above 0 that sum to at least as much. */
function byCounting(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs)
  const rank = (size: number) =>
    sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2
  const free = differences.filter((difference) => difference !== 0)
  const sumOf = (isPositive: (i: number) => boolean) =>
    free.reduce((sum, difference, i) => sum + (isPositive(i) ? rank(Math.abs(difference)) : 0), 0)
  const observed = sumOf((i) => (free[i] ?? 0) > 0)
  const ways = 2 ** free.length
  const atLeast = Array.from({ length: ways }, (_, way) => sumOf((i) => ((way >> i) & 1) === 1) >= observed)
  return atLeast.filter(Boolean).length / ways
}
