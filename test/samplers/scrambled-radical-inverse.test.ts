import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../src/numerics/random.ts'
import { radicalInverse } from '../../src/samplers/radical-inverse.ts'
import { scrambledRadicalInverse } from '../../src/samplers/scrambled-radical-inverse.ts'

const bases = fc.constantFrom(2, 3, 5, 7, 11, 13)
const streams = fc.maxSafeNat().map((seed) => createRandom(seed, 0, 'test'))

/** Leaves every digit as it is, or sends digit d to base - 1 - d. */
const unscrambled: Random = { ...createRandom(0, 0, ''), permutation: (n) => Array.from({ length: n }, (_, i) => i) }
const mirrored: Random = { ...unscrambled, permutation: (n) => unscrambled.permutation(n).reverse() }

test('without permutations it is the radical inverse', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), bases, (index, base) => {
      expect(scrambledRadicalInverse(base, unscrambled)(index)).toBeCloseTo(radicalInverse(index, base), 14)
    }),
  )
})

test('all digits are permuted, the zeros behind the last one included', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), bases, (index, base) => {
      const scrambled = scrambledRadicalInverse(base, mirrored)(index)
      expect(scrambled).toBeLessThan(1)
      expect(scrambled).toBeCloseTo(1 - radicalInverse(index, base), 14)
    }),
  )
})

test('b^k points in a row fall once into each of the b^k equal intervals', () => {
  fc.assert(
    fc.property(streams, bases, fc.nat(1e6), (stream, base, start) => {
      const inverse = scrambledRadicalInverse(base, stream)
      for (let cells = base; cells <= 200; cells *= base) {
        const found = Array.from({ length: cells }, (_, i) => Math.floor(inverse(start + i) * cells))
        expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: cells }, (_, i) => i))
      }
    }),
  )
})

test('any one point is uniform over the seeds', () => {
  for (const [base, index] of [[2, 0] as const, [3, 1] as const, [13, 1000] as const]) {
    const counts = new Array<number>(50).fill(0)
    for (let seed = 0; seed < 1500; seed++) {
      const cell = Math.floor(scrambledRadicalInverse(base, createRandom(seed, 0, 'test'))(index) * 50)
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 30) ** 2 / 30, 0)
    // 49 degrees of freedom, 99.99%.
    expect(chiSquare).toBeLessThan(96)
  }
})

test('digits far behind the point are permuted each in its own way', () => {
  // Were a permutation shared between places, the zeros of index 0 would all become the same digit.
  const repeats = Array.from({ length: 50 }, (_, seed) => {
    const digits = (scrambledRadicalInverse(2, createRandom(seed, 0, 'test'))(0) * 2 ** 53)
      .toString(2)
      .padStart(53, '0')
    return new Set(digits.match(/.{8}/g)).size
  })
  expect(Math.min(...repeats)).toBeGreaterThan(2)
})
