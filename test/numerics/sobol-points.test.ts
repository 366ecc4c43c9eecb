import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { sobolPoints } from '../../src/numerics/sobol-points.ts'
import { centeredDiscrepancy } from '../samplers/discrepancy.ts'

// The first points of scipy 1.17's qmc.Sobol(10, scramble=False), in 64ths.
const SCIPY = `
  0 0 0 0 0 0 0 0 0 0 | 32 32 32 32 32 32 32 32 32 32 | 48 16 16 16 48 48 16 48 48 48 | 16 48 48 48 16 16 48 16 16 16
  24 24 40 56 24 8 24 56 56 40 | 56 56 8 24 56 40 56 24 24 8 | 40 8 56 40 40 56 8 8 8 24 | 8 40 24 8 8 24 40 40 40 56
  12 20 60 28 36 20 28 60 60 20 | 44 52 28 60 4 52 60 28 28 52 | 60 4 44 12 20 36 12 12 12 36 | 28 36 12 44 52 4 44 44 44 4
  20 12 20 36 60 28 4 4 4 60 | 52 44 52 4 28 60 36 36 36 28 | 36 28 4 52 12 44 20 52 52 12 | 4 60 36 20 44 12 52 20 20 44
  6 30 30 42 18 62 34 54 30 10 | 38 62 62 10 50 30 2 22 62 42 | 54 14 14 58 34 14 50 6 46 58 | 22 46 46 26 2 46 18 38 14 26
  30 6 54 18 10 54 58 14 38 34 | 62 38 22 50 42 22 26 46 6 2 | 46 22 38 2 58 6 42 62 22 18 | 14 54 6 34 26 38 10 30 54 50
  10 10 34 54 54 42 62 10 34 30 | 42 42 2 22 22 10 30 42 2 62 | 58 26 50 38 6 26 46 58 18 46 | 26 58 18 6 38 58 14 26 50 14
  18 18 10 14 46 34 38 50 26 54 | 50 50 42 46 14 2 6 18 58 22 | 34 2 26 30 30 18 54 2 42 6 | 2 34 58 62 62 50 22 34 10 38
  3 17 45 35 9 59 51 43 63 3 | 35 49 13 3 41 27 19 11 31 35 | 51 1 61 51 57 11 35 27 15 51 | 19 33 29 19 25 43 3 59 47 19
  27 9 5 27 17 51 43 19 7 43 | 59 41 37 59 49 19 11 51 39 11 | 43 25 21 11 33 3 59 35 55 27 | 11 57 53 43 1 35 27 3 23 59
  15 5 17 63 45 47 47 23 3 23 | 47 37 49 31 13 15 15 55 35 55 | 63 21 1 47 29 31 63 39 51 39 | 31 53 33 15 61 63 31 7 19 7
  23 29 57 7 53 39 55 47 59 63 | 55 61 25 39 21 7 23 15 27 31 | 39 13 41 23 5 23 39 31 11 15 | 7 45 9 55 37 55 7 63 43 47
  5 15 51 9 27 5 17 29 33 9 | 37 47 19 41 59 37 49 61 1 41 | 53 31 35 25 43 53 1 45 17 57 | 21 63 3 57 11 21 33 13 49 25
  29 23 27 49 3 13 9 37 25 33 | 61 55 59 17 35 45 41 5 57 1 | 45 7 11 33 51 61 25 21 41 17 | 13 39 43 1 19 29 57 53 9 49
  9 27 15 21 63 17 13 33 29 29 | 41 59 47 53 31 49 45 1 61 61 | 57 11 31 5 15 33 29 17 45 45 | 25 43 63 37 47 1 61 49 13 13
  17 3 39 45 39 25 21 25 37 53 | 49 35 7 13 7 57 53 57 5 21 | 33 19 55 61 23 41 5 41 21 5 | 1 51 23 29 55 9 37 9 53 37
`

const range = (length: number) => Array.from({ length }, (_, i) => i)
const scrambled = (dimensions: number, seed: number) => sobolPoints(dimensions, createRandom(seed, 0, 'sobol'))

/** How often each text comes. */
function tally(all: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts.values()]
}

/** Against equal shares of `cells`. */
function chiSquare(counts: readonly number[], cells: number): number {
  const share = counts.reduce((sum, count) => sum + count, 0) / cells
  return counts.reduce((sum, count) => sum + (count - share) ** 2 / share, (cells - counts.length) * share)
}

describe('unscrambled points', () => {
  test('are those of scipy', () => {
    const rows = SCIPY.trim()
      .split(/[|\n]/)
      .map((row) =>
        row
          .trim()
          .split(' ')
          .map((part) => Number(part) / 64),
      )
    expect(rows).toHaveLength(64)
    for (const dimensions of [1, 2, 5, 10]) {
      const point = sobolPoints(dimensions)
      for (const [i, row] of rows.entries()) expect([...point(i)]).toEqual(row.slice(0, dimensions))
    }
  })

  // In dimensions 0, 1, 50, 100, 199, 254 and 255 of 256, in units of 2^-20.
  test.each([
    [1000, [230400, 101376, 369664, 805888, 883712, 455680, 261120]],
    [123456, [27784, 191624, 272872, 557384, 717704, 331032, 510664]],
  ])('are those of scipy in 256 dimensions, at %d', (index, expected) => {
    const point = sobolPoints(256)(index)
    expect([0, 1, 50, 100, 199, 254, 255].map((dimension) => (point[dimension] ?? 0) * 2 ** 20)).toEqual(expected)
  })

  test('have the discrepancy that scipy measures', () => {
    const point = sobolPoints(5)
    expect(centeredDiscrepancy(range(64).map((i) => [...point(i)]))).toBeCloseTo(0.0031211288638202106, 15)
  })
})

describe('scrambled points', () => {
  // The means over 400 seeds of scipy's qmc.Sobol(d, scramble=True), and three standard errors of 60.
  test.each([
    [2, 16, 2.17e-3, 7e-5],
    [2, 64, 1.558e-4, 2.5e-6],
    [5, 50, 5.41e-3, 1e-4],
    [5, 64, 2.806e-3, 2e-5],
    [8, 64, 1.6453e-2, 1e-4],
    [20, 64, 0.9134, 0.012],
  ])('in %d dimensions are as even as those of scipy after %d', (dimensions, count, published, within) => {
    const mean = range(60).reduce((sum, seed) => {
      const point = scrambled(dimensions, seed)
      return sum + centeredDiscrepancy(range(count).map((i) => [...point(i)])) / 60
    }, 0)
    expect(Math.abs(mean - published)).toBeLessThan(within)
  })

  test('fall into the 2^k equal intervals of each dimension once, any 2^k from a multiple of 2^k on', () => {
    const block = fc.record({
      seed: fc.maxSafeNat(),
      bits: fc.integer({ min: 0, max: 8 }),
      place: fc.nat(1000),
      // Past 256 as well.
      dimensions: fc.constantFrom(1, 3, 40, 300),
    })
    fc.assert(
      fc.property(block, ({ seed, bits, place, dimensions }) => {
        const point = scrambled(dimensions, seed)
        const all = range(2 ** bits).map((i) => point(place * 2 ** bits + i))
        for (let dimension = 0; dimension < dimensions; dimension++) {
          const cells = all.map((each) => Math.floor((each[dimension] ?? -1) * 2 ** bits))
          expect(new Set(cells).size).toBe(2 ** bits)
          expect(Math.min(...cells)).toBe(0)
          expect(Math.max(...cells)).toBe(2 ** bits - 1)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('are 16 in the 16 cells of the first two dimensions, however those are cut, and of two past the 256th', () => {
    for (let seed = 0; seed < 20; seed++) {
      const point = scrambled(258, seed)
      const all = range(16).map((i) => point(32 + i))
      for (const first of [0, 256]) {
        for (const parts of [1, 2, 4, 8, 16]) {
          const cells = all.map(
            (each) => `${Math.floor((each[first] ?? 0) * parts)} ${Math.floor(((each[first + 1] ?? 0) * 16) / parts)}`,
          )
          expect(new Set(cells).size).toBe(16)
        }
      }
    }
  })

  test('are in every order that a nested permutation allows, each as often', () => {
    const orders = range(12_800).map((seed) => {
      const point = scrambled(1, seed)
      return range(8)
        .map((i) => Math.floor((point(i)[0] ?? 0) * 8))
        .join('')
    })
    // 2^7 of them: 127 degrees of freedom, 99.99%.
    expect(chiSquare(tally(orders), 128)).toBeLessThan(194)
  })

  test('are each uniform in the cube, and inside it', () => {
    for (const index of [0, 5, 1_000_000, 2 ** 32 - 1]) {
      const all = range(4000).map((seed) => scrambled(2, seed)(index))
      expect(all.every((each) => each.every((u) => u > 0 && u < 1))).toBe(true)
      // 63 degrees of freedom, 99.99%.
      expect(chiSquare(tally(all.map((each) => each.map((u) => Math.floor(u * 8)).join())), 64)).toBeLessThan(114)
    }
  })

  test('have dimensions past the 256th that go with none of the others', () => {
    const pairs = [
      [0, 256],
      [1, 257],
      [256, 512],
    ] as const
    const squares = [0, 0, 0]
    for (let seed = 0; seed < 30; seed++) {
      const all = range(32).map(scrambled(513, seed))
      for (const [i, [a, b]] of pairs.entries()) {
        const sum = all.reduce((total, point) => total + ((point[a] ?? 0) - 0.5) * ((point[b] ?? 0) - 0.5), 0)
        squares[i] = (squares[i] ?? 0) + ((12 * sum) / 32) ** 2 / 30
      }
    }
    // Independent points have a mean square correlation of 1/32; those of one dimension, scrambled twice, of over a half.
    for (const square of squares) expect(square).toBeLessThan(4 / 32)
  })

  test('of a seed are the same from whichever index on', () => {
    const point = scrambled(3, 9)
    expect([5, 0, 5].map((i) => [...point(i)])).toEqual([5, 0, 5].map((i) => [...scrambled(3, 9)(i)]))
    expect([...sobolPoints(0)(3)]).toEqual([])
  })
})
