import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fTail } from '../../src/numerics/f-distribution.ts'
import { incompleteBeta } from '../../src/numerics/incomplete-beta.ts'
import { logGamma } from '../../src/numerics/log-gamma.ts'
import { studentQuantile } from '../../src/numerics/student-t.ts'

// scipy.special.gammaln(x)
test.each([
  [0.5, 0.5723649429247],
  [1, 0],
  [1.5, -0.12078223763524526],
  [2.5, 0.2846828704729192],
  [4, 1.791759469228055],
  [10.5, 13.940625219403763],
  [100.5, 361.43554046777757],
])('the logarithm of gamma of %d', (x, expected) => {
  expect(logGamma(x)).toBeCloseTo(expected, 12)
})

// scipy.special.betainc(a, b, x)
test.each([
  [0.5, 0.5, 0.3, 0.36901011956554536],
  [2, 3, 0.4, 0.5247999999999999],
  [15, 1.5, 0.95, 0.6675831281546052],
  [0.5, 20, 0.0001, 0.050116531617405015],
  [30, 30, 0.5, 0.5],
  [1, 1, 0.25, 0.25],
])('the incomplete beta function of %d, %d at %d', (a, b, x, expected) => {
  expect(incompleteBeta(a, b, x)).toBeCloseTo(expected, 13)
})

describe('the tail of F', () => {
  // scipy.stats.f.sf(ratio, above, below)
  test.each([
    [0.5, 1, 3, 0.530477770932957],
    [4.2, 1, 7, 0.07960201245519759],
    [3.1, 5, 12, 0.05027370073306381],
    [2, 10, 4, 0.26322445130315497],
    [60, 2, 9, 6.2580293569917225e-6],
    [1e-3, 3, 3, 0.9999464120013087],
    [150, 4, 30, 2.2438628930548e-19],
    [1.2, 40, 55, 0.2626584448122089],
  ])('beyond %d with %d and %d degrees', (ratio, above, below, expected) => {
    expect(fTail(ratio, above, below) / expected).toBeCloseTo(1, 11)
  })

  test('is that of a squared t, of a reciprocal, and all or nothing at the ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 1e-3, max: 50, noNaN: true }),
        (above, below, ratio) => {
          expect(fTail(studentQuantile(below, 0.95) ** 2, 1, below)).toBeCloseTo(0.05, 9)
          expect(fTail(ratio, above, below) + fTail(1 / ratio, below, above)).toBeCloseTo(1, 11)
        },
      ),
    )
    expect([fTail(0, 3, 4), fTail(Number.POSITIVE_INFINITY, 3, 4)]).toEqual([1, 0])
  })
})
