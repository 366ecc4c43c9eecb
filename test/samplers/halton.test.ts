import { expect, test } from 'vitest'
import { halton } from '../../src/samplers/halton.ts'
import { firstPrimes } from '../../src/samplers/primes.ts'
import { radicalInverse } from '../../src/samplers/radical-inverse.ts'
import { random } from '../../src/samplers/random.ts'
import { choice, float } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { centeredDiscrepancy } from './discrepancy.ts'
import { streams, viewOf } from './history.ts'

samplerConformance('halton', halton)

const square: Space = createSpace({ x: float(0, 1), y: float(0, 1) })
const points = (sampler: Sampler, seed: number, count: number, space = square) =>
  sampler.suggest(viewOf(space, seed), count, streams(seed)).map(space.encode)

function meanDiscrepancy(make: () => Sampler, count: number): number {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed)
  return seeds.reduce((sum, seed) => sum + centeredDiscrepancy(points(make(), seed, count)), 0) / seeds.length
}

test('the measure of discrepancy is that of scipy', () => {
  const unscrambled = Array.from({ length: 64 }, (_, i) => firstPrimes(5).map((base) => radicalInverse(i, base)))
  // scipy.stats.qmc.discrepancy of Halton(d=5, scramble=False).random(64).
  expect(centeredDiscrepancy(unscrambled)).toBeCloseTo(0.008329239082768503, 14)
})

// Published: the mean over 1,000 seeds of scipy 1.17's qmc.Halton(2, scramble=True).
test.each([
  [10, 8.61e-3, 0.3],
  [50, 5.24e-4, 0.1],
  [200, 4.2e-5, 0.04],
])('%d points cover the square as evenly as the scrambled Halton points of scipy', (count, published, ofRandom) => {
  const found = meanDiscrepancy(halton, count)
  expect(found).toBeGreaterThan(0.75 * published)
  expect(found).toBeLessThan(1.25 * published)
  expect(found).toBeLessThan(ofRandom * meanDiscrepancy(random, count))
})

test('every dimension has a prime of its own, the smallest first', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const space = createSpace(Object.fromEntries(names.map((name) => [name, float(0, 1)])))
  for (const [dimension, base] of firstPrimes(names.length).entries()) {
    const found = points(halton(), 4, base, space).map((point) => Math.floor((point[dimension] ?? -1) * base))
    expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: base }, (_, i) => i))
  }
})

test('dimensions are scrambled independently of each other', () => {
  // Two seeds that agree in the first point of one dimension do not agree in the other.
  const firsts = Array.from({ length: 400 }, (_, seed) => points(halton(), seed, 1)[0] ?? [])
  const cells = new Set(firsts.map(([x = 0, y = 0]) => `${Math.floor(x * 5)} ${Math.floor(y * 5)}`))
  expect(cells.size).toBe(25)
})

test('an optional branch does not move the points of the other parameters', () => {
  const flat = createSpace({ a: choice(['off', 'on']), 'on-p': float(0, 1), z: float(0, 1) })
  const branched = createSpace({ a: choice({ on: { p: float(0, 1) }, off: {} }), z: float(0, 1) })
  const zs = (space: Space) =>
    halton()
      .suggest(viewOf(space, 5), 20, streams(5))
      .map(({ z }) => z)
  expect(zs(branched)).toEqual(zs(flat))
})

test('one sampler serves studies of different seeds and spaces in turn', () => {
  const shared = halton()
  const cube = createSpace({ x: float(0, 1), y: float(0, 1), z: float(0, 1) })
  for (const [seed, space] of [[1, square] as const, [1, cube] as const, [2, square] as const, [1, square] as const]) {
    expect(points(shared, seed, 5, space)).toEqual(points(halton(), seed, 5, space))
  }
})

test('the stream of the trial is not drawn from: the points are a matter of the seed alone', () => {
  const other = halton().suggest(viewOf(square, 1), 5, () => {
    throw new Error('drawn')
  })
  expect(other.map(square.encode)).toEqual(points(halton(), 1, 5))
})

test('what the study does not allow is drawn again, and moves no other trial', () => {
  const plain = points(halton(), 3, 30)
  const allows = ({ x }: Assignment) => Number(x) < 0.6
  const found = halton()
    .suggest(viewOf(square, 3, [], { allows }), 30, streams(3))
    .map(square.encode)
  for (const [i, point] of plain.entries()) {
    if ((point[0] ?? 1) < 0.6) expect(found[i]).toEqual(point)
    else expect(found[i]?.[0]).toBeLessThan(0.6)
  }
  expect(new Set(found.map(String)).size).toBe(30)
})

test('the points of a seed stay what they were in earlier versions, so that stored studies can continue', () => {
  const pinned = [
    [0.02645850216615897, 0.362916547385418],
    [0.526458502166159, 0.029583214052084708],
    [0.27645850216615897, 0.6962498807187514],
  ]
  for (const [i, point] of points(halton(), 0, 3).entries()) {
    for (const [d, u] of point.entries()) expect(u).toBeCloseTo(pinned[i]?.[d] ?? Number.NaN, 14)
  }
})
