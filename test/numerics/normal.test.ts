import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { erfcx } from '../../src/numerics/erfcx.ts'
import { logNormalCdf, logNormalMass, normalCdf, normalDensity, normalQuantile } from '../../src/numerics/normal.ts'

const INFINITE = Number.POSITIVE_INFINITY

/** Whether two numbers agree in `digits` significant digits. */
function expectRelative(found: number, expected: number, digits = 14): void {
  if (Number.isFinite(expected))
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(10 ** -digits * Math.abs(expected))
  else expect(found).toBe(expected)
}

// By mpmath with 900 digits, in agreement with scipy.stats.norm and scipy.special.erfcx where those are exact.
test.each([
  [-40, 0, -804.6084420137538],
  [-38.2, 1.40804e-319, -734.1824581669495],
  [-20, 2.7536241186062337e-89, -203.91715537109727],
  [-8.5, 9.479534822203318e-18, -39.19739642821767],
  [-5, 2.866515718791939e-7, -15.064998393988725],
  [-3, 0.0013498980316300946, -6.607726221510349],
  [-1.5, 0.06680720126885807, -2.7059444008238898],
  [-1, 0.15865525393145705, -1.8410216450092636],
  [-0.66, 0.25462691467133614, -1.3679558848901994],
  [-0.3, 0.3820885778110474, -0.9621028181688507],
  [-1e-9, 0.49999999960105773, -0.6931471813578298],
  [0, 0.5, -Math.LN2],
  [1e-5, 0.500003989422804, -0.6931392017461683],
  [0.5, 0.6914624612740131, -0.3689464152886564],
  [0.67, 0.7485711049046899, -0.289589083101687],
  [1, 0.8413447460685429, -0.17275377902344988],
  [2.5, 0.9937903346742238, -0.006229025485860002],
  [5.7, 0.9999999940096286, -5.990371419005803e-9],
  [5.9, 0.9999999981824922, -1.817507864751096e-9],
  [8, 0.9999999999999993, -6.220960574271786e-16],
  [9, 1, -1.1285884059538405e-19],
  [-1000, 0, -500007.82669481216],
  [-1000000, 0, -500000000014.73444],
  [37, 1, -5.725571222524577e-300],
  [1000, 1, 0],
])('the probability below %d and its logarithm', (z, probability, logarithm) => {
  if (probability > 1e-300) expectRelative(normalCdf(z), probability)
  else expect(normalCdf(z)).toBeCloseTo(probability, 300)
  expectRelative(logNormalCdf(z), logarithm)
})

test.each([
  [-26, 7.657724931490568e293],
  [-10, 5.376234283632271e43],
  [-2, 108.94090438997797],
  [-0.6, 2.2988541117340935],
  [-0.46875, 1.859402416871422],
  [-0.2, 1.2726020284831958],
  [0, 1],
  [1e-10, 0.999999999887162],
  [0.3, 0.7345993345676551],
  [0.46875, 0.6320696892495561],
  [0.5, 0.6156903441929259],
  [1, 0.427583576155807],
  [3.9, 0.14031418160068973],
  [4, 0.13699945762506138],
  [4.1, 0.133834116418652],
  [10, 0.05614099274382259],
  [50, 0.011281536265323773],
  [1000, 0.0005641893014533876],
])('the scaled complementary error function at %d', (x, expected) => {
  expectRelative(erfcx(x), expected)
})

test.each([
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965322],
  [1e-20, -9.262340089798409],
  [1e-11, -6.706023155495137],
  [1.4e-11, -6.656723091518184],
  [1e-5, -4.264890793922825],
  [0.01, -2.3263478740408408],
  [0.074, -1.4466320671589785],
  [0.075, -1.4395314709384563],
  [0.076, -1.4325027208258116],
  [0.2, -0.8416212335729142],
  [0.4, -0.2533471031357997],
  [0.5, 0],
  [0.6, 0.2533471031357997],
  [0.925, 1.4395314709384563],
  [0.926, 1.446632067158979],
  [0.99, 2.3263478740408408],
  [0.9999999999, 6.361340889697422],
  [0.9999999999999999, 8.209536151601387],
])('the quantile of %d', (p, expected) => {
  expectRelative(normalQuantile(p), expected)
})

// An error in the logarithm is a relative error of the probability.
test.each([
  [-1, 1, -0.38171514630212605],
  [0, 1, -1.0748623268620714],
  [-0.5, -0.4999999990686774, -21.8383539497702],
  [3, 3.0000000000009095, -33.14482575560385],
  [-2, -1.5, -3.122269455465259],
  [-10, 10, -1.523970604832105e-23],
  [-40, -39.999, -807.8066273147468],
  [30, 31, -454.32124395634327],
  [100, 100.00000095367432, -5014.781929827741],
  [100, 200, -5005.524208694205],
  [-37, 3, -0.0013508099647481938],
  [7, 9, -27.384307586994964],
  [-9, -7, -27.384307586994964],
  [0.01, 0.5, -1.6741198840768352],
  [-0.249, 0.25, -1.624419909285044],
  [-0.26, 0.25, -1.6030859346043047],
  [1, 1.49, -2.401928901338983],
  [1, 1.51, -2.37372088200519],
  [-5, 0.01, -0.6852006983224075],
  [12, 12.04, -76.36846799457832],
  [12, 12.05, -76.20007126600291],
  [100000, 100000.00000000093, -5000000021.713401],
  [-8, -3, -6.60772622151081],
  [0, 1e-300, -691.6944664314184],
  [-1, -1, Number.NEGATIVE_INFINITY],
])('the logarithm of the probability between %d and %d', (a, b, expected) => {
  expectRelative(logNormalMass(a, b), expected)
})

describe('the normal distribution', () => {
  const z = fc.double({ min: -37, max: 37, noNaN: true })

  test('ends at its ends', () => {
    expect([normalCdf(-INFINITE), normalCdf(INFINITE), normalDensity(-INFINITE)]).toEqual([0, 1, 0])
    expect([logNormalCdf(-INFINITE), logNormalCdf(INFINITE) + 0]).toEqual([-INFINITE, 0])
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(-0.1), normalQuantile(1.1)]).toEqual([
      -INFINITE,
      INFINITE,
      Number.NaN,
      Number.NaN,
    ])
    expect([erfcx(-INFINITE), erfcx(INFINITE)]).toEqual([INFINITE, 0])
    expect(logNormalMass(-INFINITE, INFINITE) + 0).toBe(0)
    expect([normalCdf, logNormalCdf, normalQuantile, erfcx].map((of) => of(Number.NaN))).toEqual(
      Array(4).fill(Number.NaN),
    )
    expect(logNormalMass(Number.NaN, 1)).toBeNaN()
  })

  test('is undone by its quantiles', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (at) => {
        // Above, 1 - 1e-7 has lost half the digits that tell where it came from.
        expect(Math.abs(normalQuantile(normalCdf(at)) - at)).toBeLessThan(
          1e-14 * Math.abs(at) + 2e-16 / normalDensity(Math.max(0, at)),
        )
      }),
    )
  })

  test('has masses that are symmetric, and add up', () => {
    fc.assert(
      fc.property(z, z, z, (...ends) => {
        const [a = 0, b = 0, c = 0] = ends.sort((p, q) => p - q)
        expect(logNormalMass(-c, -a)).toBe(logNormalMass(a, c))
        const whole = logNormalMass(a, c)
        const parts = Math.exp(logNormalMass(a, b) - whole) + Math.exp(logNormalMass(b, c) - whole)
        if (c - a > 1e-300) expect(parts).toBeCloseTo(1, 11)
      }),
    )
  })

  test('has the mass from below that is its probability, and its density as the mass of a narrow interval', () => {
    fc.assert(
      fc.property(z, (at) => {
        expectRelative(logNormalMass(-INFINITE, at), logNormalCdf(at), 13)
        const width = 2 ** -30
        const density = Math.exp(logNormalMass(at - width, at + width)) / (2 * width)
        expectRelative(density, normalDensity(at), 11)
      }),
    )
  })
})
