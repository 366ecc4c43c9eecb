import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LatinHypercubeOptions, latinHypercube } from '../../src/samplers/latin-hypercube.ts'
import { random } from '../../src/samplers/random.ts'
import { choice, float } from '../../src/space/domain.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { centeredDiscrepancy } from './discrepancy.ts'
import { streams, viewOf } from './history.ts'

samplerConformance('latinHypercube', latinHypercube)

const cube: Space = createSpace({ x: float(0, 1), y: float(0, 1), z: float(0, 1) })

function points(seed: number, count: number, options: LatinHypercubeOptions = {}, budget?: number): number[][] {
  const view = viewOf(cube, seed, [], budget === undefined ? {} : { budget })
  return latinHypercube(options).suggest(view, count, streams(seed)).map(cube.encode)
}

/** Whether the points fall into as many equal intervals as there are points once each, in every dimension. */
function isLatin(all: readonly (readonly number[])[]): boolean {
  return [0, 1, 2].every(
    (d) => new Set(all.map((point) => Math.floor((point[d] ?? 0) * all.length))).size === all.length,
  )
}

test('as many trials as the hypercube is for fall into as many intervals once each, and so do the next', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 40 }), (seed, trials) => {
      const all = points(seed, 2 * trials, { trials })
      expect(isLatin(all.slice(0, trials))).toBe(true)
      expect(isLatin(all.slice(trials))).toBe(true)
      expect(all.slice(trials)).not.toEqual(all.slice(0, trials))
    }),
    { numRuns: 30 },
  )
})

test('a hypercube is for the budget, or for 16 trials where there is none, or for what the options say', () => {
  expect(isLatin(points(1, 25, {}, 25))).toBe(true)
  expect(isLatin(points(1, 16))).toBe(true)
  expect(isLatin(points(1, 15))).toBe(false)
  expect(isLatin(points(1, 10, { trials: 10 }, 25))).toBe(true)
  // More than 1,024 intervals are of no use.
  expect(isLatin(points(1, 1024, {}, 1_000_000))).toBe(true)
})

test('its points are spread over their intervals, independently between dimensions', () => {
  const all = Array.from({ length: 300 }, (_, seed) => points(seed, 5, { trials: 5 })).flat()
  const cells = new Map<string, number>()
  for (const [x = 0, y = 0] of all) {
    const cell = `${Math.floor(x * 10)} ${Math.floor(y * 10)}`
    cells.set(cell, (cells.get(cell) ?? 0) + 1)
  }
  const share = all.length / 100
  const chiSquare = [...cells.values()].reduce((sum, found) => sum + (found - share) ** 2 / share, 0)
  // 99 degrees of freedom, 99.99%.
  expect(chiSquare + (100 - cells.size) * share).toBeLessThan(161)
})

// The mean over 400 seeds of scipy 1.17's qmc.LatinHypercube(3).
test('they cover the cube as evenly as those of scipy', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed)
  const mean = (of: (seed: number) => number[][]) =>
    seeds.reduce((sum, seed) => sum + centeredDiscrepancy(of(seed)), 0) / seeds.length
  const found = mean((seed) => points(seed, 32, { trials: 32 }))
  expect(found).toBeGreaterThan(0.9 * 3.604e-3)
  expect(found).toBeLessThan(1.1 * 3.604e-3)
  const ofRandom = mean((seed) => random().suggest(viewOf(cube, seed), 32, streams(seed)).map(cube.encode))
  expect(found).toBeLessThan(0.5 * ofRandom)
})

test('an optional branch does not move the points of the other parameters', () => {
  const flat = createSpace({ a: choice(['off', 'on']), 'on-p': float(0, 1), z: float(0, 1) })
  const branched = createSpace({ a: choice({ on: { p: float(0, 1) }, off: {} }), z: float(0, 1) })
  const zs = (space: Space) =>
    latinHypercube()
      .suggest(viewOf(space, 5), 20, streams(5))
      .map(({ z }) => z)
  expect(zs(branched)).toEqual(zs(flat))
})

test.each([{ trials: 0 }, { trials: 2.5 }, { trials: 5000 }, { trial: 3 }, { trials: '4' }])(
  '%j is refused',
  (options) => {
    expect(() => Reflect.apply(latinHypercube, undefined, [options])).toThrow(
      expect.objectContaining({
        code: 'sampler.invalid',
        path: `sampler.latinHypercube.${Object.keys(options)[0]}`,
        value: Object.values(options)[0],
        remedy: expect.stringContaining('trials'),
      }),
    )
  },
)
