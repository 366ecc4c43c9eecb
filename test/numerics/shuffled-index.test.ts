import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { LONGEST_SHUFFLE, shuffledIndex } from '../../src/numerics/shuffled-index.ts'

const range = (length: number) => Array.from({ length }, (_, i) => i)

test('every index of a range comes once, in an order of the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.maxSafeNat(), (length, seed) => {
      const shuffled = range(length).map(shuffledIndex(length, createRandom(seed, 0, 'shuffle')))
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(range(length))
      expect(range(length).map(shuffledIndex(length, createRandom(seed, 0, 'shuffle')))).toEqual(shuffled)
    }),
    { numRuns: 50 },
  )
})

test('any two indices go to any two others as often', () => {
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 9000; seed++) {
    const place = shuffledIndex(10, createRandom(seed, 0, 'shuffle'))
    const pair = `${place(3)} ${place(4)}`
    counts.set(pair, (counts.get(pair) ?? 0) + 1)
  }
  expect(counts.size).toBe(90)
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)
  // 89 degrees of freedom, 99.99%.
  expect(chiSquare).toBeLessThan(147)
})

test('the longest range is shuffled as well', () => {
  const place = shuffledIndex(LONGEST_SHUFFLE, createRandom(1, 0, 'shuffle'))
  const found = [...range(500), LONGEST_SHUFFLE - 1].map(place)
  expect(new Set(found).size).toBe(501)
  expect(found.every((index) => Number.isInteger(index) && index >= 0 && index < LONGEST_SHUFFLE)).toBe(true)
  const mean = found.reduce((sum, index) => sum + index / LONGEST_SHUFFLE, 0) / found.length
  // Five standard errors.
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 501))
})
