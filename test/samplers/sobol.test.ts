import { expect, test } from 'vitest'
import { random } from '../../src/samplers/random.ts'
import { sobol } from '../../src/samplers/sobol.ts'
import { choice, float } from '../../src/space/domain.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { centeredDiscrepancy } from './discrepancy.ts'
import { streams, viewOf } from './history.ts'

samplerConformance('sobol', sobol)

const square: Space = createSpace({ x: float(0, 1), y: float(0, 1) })
const points = (space: Space, seed: number, count: number, make = sobol) =>
  make().suggest(viewOf(space, seed), count, streams(seed)).map(space.encode)

test('the first 64 trials cover the square more evenly than random ones do', () => {
  const mean = (make: typeof sobol) => {
    const all = Array.from({ length: 20 }, (_, seed) => centeredDiscrepancy(points(square, seed, 64, make)))
    return all.reduce((sum, each) => sum + each, 0) / all.length
  }
  // scipy 1.17, qmc.Sobol(2, scramble=True): 1.558e-4 with a deviation of 5e-6.
  expect(mean(sobol)).toBeGreaterThan(1.52e-4)
  expect(mean(sobol)).toBeLessThan(1.6e-4)
  expect(mean(sobol)).toBeLessThan(0.05 * mean(random))
})

test('an optional branch does not move the points of the other parameters', () => {
  const flat = createSpace({ a: choice(['off', 'on']), 'on-p': float(0, 1), z: float(0, 1) })
  const branched = createSpace({ a: choice({ on: { p: float(0, 1) }, off: {} }), z: float(0, 1) })
  const zs = (space: Space) =>
    sobol()
      .suggest(viewOf(space, 5), 20, streams(5))
      .map(({ z }) => z)
  expect(zs(branched)).toEqual(zs(flat))
})

test('one sampler serves studies of different seeds and spaces in turn', () => {
  const shared = sobol()
  const cube = createSpace({ x: float(0, 1), y: float(0, 1), z: float(0, 1) })
  for (const [seed, space] of [[1, square] as const, [1, cube] as const, [2, square] as const, [1, square] as const]) {
    expect(points(space, seed, 5, () => shared)).toEqual(points(space, seed, 5))
  }
})

test('the stream of the trial is not drawn from: the points are a matter of the seed alone', () => {
  const other = sobol().suggest(viewOf(square, 1), 5, () => {
    throw new Error('drawn')
  })
  expect(other.map(square.encode)).toEqual(points(square, 1, 5))
})
