import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hypervolume, hypervolumeGain } from '../../src/numerics/hypervolume.ts'

const ones = (objectives: number) => new Array<number>(objectives).fill(1)
const points = (objectives: number, maxLength: number) =>
  fc.array(
    fc.array(
      fc.integer({ min: 0, max: 12 }).map((i) => i / 10),
      { minLength: objectives, maxLength: objectives },
    ),
    {
      maxLength,
    },
  )
const sets = fc.integer({ min: 1, max: 5 }).chain((objectives) => points(objectives, 12))

/** Points that a peer can make too. */
function lattice(count: number, objectives: number): number[][] {
  return Array.from({ length: count }, (_, i) =>
    Array.from(
      { length: objectives },
      (_, j) => (((i + 1) * (7919 + 104729 * j) + (i + 3) ** 2 * (31 + 17 * j)) % 1009) / 1009,
    ),
  )
}

// From optuna 5.0.0, `optuna._hypervolume.wfg.compute_hypervolume(lattice, ones)`.
test.each([
  [1, 2, 0.8126769873909837],
  [20, 2, 0.8425115486881691],
  [60, 3, 0.9167833780954627],
  [25, 4, 0.36215855656181256],
  [16, 5, 0.2123150818885733],
])('of %i points in %i objectives it is the number another implementation has', (count, objectives, expected) => {
  expect(hypervolume(lattice(count, objectives), ones(objectives))).toBeCloseTo(expected, 12)
})

test('of one point it is a box, of none it is 0', () => {
  expect(hypervolume([[0.25, 0.5, -1]], [1, 2, 3])).toBeCloseTo(0.75 * 1.5 * 4, 14)
  expect(hypervolume([], [1, 1])).toBe(0)
})

test('of steps along a diagonal it is the sum of their rectangles', () => {
  // (i, n - i) / n for i from 1 to n - 1: n (n - 1) / 2 of the cells of an n by n grid.
  const n = 40
  const steps = Array.from({ length: n - 1 }, (_, i) => [(i + 1) / n, 1 - (i + 1) / n])
  expect(hypervolume(steps, [1, 1])).toBeCloseTo((n - 1) / (2 * n), 12)
})

test('points that are not better than the reference in every objective add nothing', () => {
  expect(
    hypervolume(
      [
        [0.5, 0.5],
        [-9, 1],
        [2, -9],
        [Number.NaN, 0],
      ],
      [1, 1],
    ),
  ).toBe(0.25)
})

test('it counts the cells of a grid that points dominate', () => {
  fc.assert(
    fc.property(points(3, 10), (set) => {
      const cells = Array.from({ length: 1000 }, (_, i) => [i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)])
      const covered = cells.filter((cell) => set.some((point) => point.every((v, k) => v * 10 <= (cell[k] ?? 0) + 0.5)))
      expect(hypervolume(set, ones(3))).toBeCloseTo(covered.length / 1000, 10)
    }),
  )
})

test('a further point never lowers it, and raises it by its gain', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const [point, ...others] = set
      if (!point) return
      const reference = ones(point.length)
      const gain = hypervolumeGain(point, others, reference)
      expect(gain).toBeGreaterThanOrEqual(0)
      expect(hypervolume(set, reference)).toBeCloseTo(hypervolume(others, reference) + gain, 10)
    }),
  )
})

test('the order of points and of objectives does not matter', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const reference = ones(set[0]?.length ?? 1)
      const turned = set.map((point) => [...point].reverse()).reverse()
      expect(hypervolume(turned, reference)).toBeCloseTo(hypervolume(set, reference), 12)
    }),
  )
})
