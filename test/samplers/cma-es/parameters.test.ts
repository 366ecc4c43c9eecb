import { expect, test } from 'vitest'
import { parametersFor, populationFor } from '../../../src/samplers/cma-es/parameters.ts'

// From cma 4.5.0: `cma.CMAEvolutionStrategy(n * [0], 1, {'popsize': λ})`, `.sp.weights.mueff`, `.sp.c1`, `.sp.cmu`, `.sp.cc`
// and `.sp.weights[0]`. Its other rates are not quite the tutorial's.
test.each([
  [10, 10, 3.1672992814107017, 0.29499038303562225, 0.45627264690340597],
  [5, 8, 2.60017882611318, 0.45019955799280803, 0.5299301844787792],
  [8, 20, 5.938804235601242, 0.3516837717600021, 0.27961472096101825],
])('of %i coordinates and %i trials they are those of another implementation', (n, population, mass, cc, first) => {
  const found = parametersFor(n, population)
  expect(found.mass).toBeCloseTo(mass, 12)
  expect(found.cCovariance).toBeCloseTo(cc, 12)
  expect(found.weights[0]).toBeCloseTo(first, 12)
})

test.each([1, 2, 10, 40])('what is learned never outweighs what is kept, in %i dimensions', (n) => {
  for (const population of [2, 3, populationFor(n), 100]) {
    const { weights, parents, c1, cMu } = parametersFor(n, population)
    const positive = weights.subarray(0, parents).reduce((sum, w) => sum + w, 0)
    const negative = weights.subarray(parents).reduce((sum, w) => sum + w, 0)
    expect(positive).toBeCloseTo(1, 12)
    expect(negative).toBeLessThanOrEqual(0)
    expect(c1 + cMu).toBeLessThanOrEqual(1)
    // Tutorial, eq. 53: then the covariance stays positive definite.
    expect(-negative * n * cMu).toBeLessThanOrEqual(1 - c1 - cMu + 1e-12)
  }
})

test('a generation grows with the logarithm of the number of coordinates', () => {
  expect([1, 2, 5, 8, 20].map(populationFor)).toEqual([4, 6, 8, 10, 12])
})
