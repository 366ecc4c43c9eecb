import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goldenSection } from '../../src/numerics/golden-section.ts'
import { findRoot } from '../../src/numerics/root.ts'

const place = fc.double({ min: -3, max: 3, noNaN: true })

describe('a root', () => {
  test('is found wherever it is, from either side, in few evaluations', () => {
    const functions = [
      (x: number) => x ** 3 + x,
      (x: number) => Math.expm1(3 * x),
      (x: number) => Math.sign(x) * Math.sqrt(Math.abs(x)),
      (x: number) => Math.atan(50 * x),
    ]
    fc.assert(
      fc.property(place, fc.constantFrom(...functions), fc.boolean(), (root, of, isTurned) => {
        let evaluations = 0
        const shifted = (x: number) => {
          evaluations++
          return of(x - root)
        }
        const found = isTurned ? findRoot(shifted, 5, -4, 1e-10) : findRoot(shifted, -4, 5, 1e-10)
        expect(Math.abs(found - root)).toBeLessThanOrEqual(1e-10)
        expect(evaluations).toBeLessThan(60)
      }),
    )
  })

  test('may be an end, and is NaN where the signs are the same', () => {
    expect(findRoot((x) => x, 0, 1)).toBe(0)
    expect(findRoot((x) => x - 1, 0, 1)).toBe(1)
    expect(findRoot((x) => x + 2, 0, 1)).toBeNaN()
  })
})

describe('the golden section', () => {
  test('finds where a function is least', () => {
    fc.assert(
      fc.property(place, fc.constantFrom(1, 2, 4), (least, power) => {
        const found = goldenSection((x) => Math.abs(x - least) ** power, -4, 5)
        expect(found).toBeCloseTo(least, power === 4 ? 3 : 6)
      }),
    )
  })

  test('finds an end where it falls throughout', () => {
    expect(goldenSection((x) => x, 2, 3)).toBeCloseTo(2, 6)
    expect(goldenSection((x) => -x, 2, 3)).toBeCloseTo(3, 6)
    expect(goldenSection((x) => x, 2, 2)).toBe(2)
  })
})
