import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstPrimes } from '../../src/samplers/primes.ts'
import { radicalInverse } from '../../src/samplers/radical-inverse.ts'

// scipy.stats.qmc.Halton(d=10, scramble=False), by index.
const SCIPY: readonly (readonly [index: number, point: readonly number[]])[] = [
  [0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    29,
    [
      0.71875, 0.6790123456790123, 0.808, 0.22448979591836732, 0.6528925619834711, 0.242603550295858,
      0.7093425605536332, 0.5290858725761772, 0.2627599243856333, 0.0011890606420927466,
    ],
  ],
  [
    63,
    [
      0.984375, 0.06172839506172839, 0.6960000000000001, 0.043731778425655975, 0.768595041322314, 0.8698224852071007,
      0.7162629757785467, 0.3240997229916897, 0.7429111531190926, 0.17479191438763378,
    ],
  ],
]

test.each(SCIPY)('the Halton point number %d is that of scipy', (index, point) => {
  for (const [i, base] of firstPrimes(10).entries()) {
    expect(radicalInverse(index, base)).toBeCloseTo(point[i] ?? Number.NaN, 15)
  }
})

test('digits are mirrored at the point', () => {
  expect(radicalInverse(0b110, 2)).toBe(0.375)
  expect(radicalInverse(123, 10)).toBe(0.321)
  expect(radicalInverse(5, 7)).toBe(5 / 7)
})

test('every index gives a number in [0, 1) of its own', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(0xffffffff), { maxLength: 50 }), fc.integer({ min: 2, max: 30 }), (ns, base) => {
      const found = ns.map((n) => radicalInverse(n, base))
      expect(found.every((u) => u >= 0 && u < 1)).toBe(true)
      expect(new Set(found).size).toBe(ns.length)
    }),
  )
})

test('the first primes', () => {
  expect(firstPrimes(0)).toEqual([])
  expect(firstPrimes(12)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37])
  expect(firstPrimes(100).at(-1)).toBe(541)
})
