import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutAxis } from '../../../src/analysis/importance/cells.ts'
import { treeSurface, treeVariance } from '../../../src/analysis/importance/marginals.ts'
import { growTree } from '../../../src/analysis/importance/tree.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { axesOf } from '../../../src/samplers/axes.ts'
import { choice, float, int } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'

const AXES = axesOf(createSpace({ a: float(0, 1), b: int(1, 3), c: choice(['p', 'q', 'r', 's']) }))

function grown(seed: number, trials: number) {
  const random = createRandom(seed, 0, 'tree')
  const points = Array.from({ length: trials }, () => [random.next(), (random.int(3) + 0.5) / 3, random.int(4)])
  const axes = AXES.map((axis, index) =>
    cutAxis(
      axis,
      Float64Array.from(points, (point) => point[index] ?? 0),
    ),
  )
  const values = Float64Array.from(points, ([a = 0, b = 0, c = 0]) => a * b + (c === 2 ? 1 : 0) + 0.1 * random.normal())
  const sample = Int32Array.from({ length: trials }, () => random.int(trials))
  return { axes, values, sample, tree: growTree({ axes, values }, sample, random) }
}

test('the parts of the variance are those of summing over every cell', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 2, max: 16 }), (seed, trials) => {
      const { axes, tree } = grown(seed, trials)
      const sizes = axes.map(({ widths }) => widths.length)
      const [one = 0, two = 0, three = 0] = sizes
      const { leaves } = tree
      const predict = (cell: readonly number[]) => {
        const leaf = Array.from({ length: leaves.count }, (_, index) => index).filter((index) =>
          cell.every(
            (at, axis) => at >= (leaves.from[index * 3 + axis] ?? 0) && at < (leaves.to[index * 3 + axis] ?? 0),
          ),
        )
        // Leaves part the space: none overlaps, none is missing.
        if (leaf.length !== 1) throw new Error(`${leaf.length} leaves`)
        return leaves.values[leaf[0] ?? 0] ?? 0
      }
      const cells = Array.from({ length: one * two * three }, (_, at) => [
        Math.floor(at / (two * three)),
        Math.floor(at / three) % two,
        at % three,
      ])
      const weight = (cell: readonly number[]) =>
        cell.reduce((product, at, axis) => product * (axes[axis]?.widths[at] ?? 0), 1)
      const mean = cells.reduce((sum, cell) => sum + weight(cell) * predict(cell), 0)
      /** The variance of the mean prediction given some axes. */
      const given = (by: readonly number[]) => {
        const sums = new Map<string, { weight: number; sum: number }>()
        for (const cell of cells) {
          const key = by.map((axis) => cell[axis]).join()
          const held = sums.get(key) ?? { weight: 0, sum: 0 }
          held.weight += weight(cell)
          held.sum += weight(cell) * predict(cell)
          sums.set(key, held)
        }
        return [...sums.values()].reduce((total, part) => total + part.weight * (part.sum / part.weight - mean) ** 2, 0)
      }
      const found = treeVariance(tree, axes)
      expect(found.total).toBeCloseTo(given([0, 1, 2]), 10)
      for (const axis of [0, 1, 2]) expect(found.main[axis]).toBeCloseTo(given([axis]), 10)
      for (const [i, j] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        expect(found.pair(i, j)).toBeCloseTo(given([i, j]) - given([i]) - given([j]), 10)
      }
    }),
    { numRuns: 20 },
  )
})

test('a tree knows its trials again, and a surface has the options in their own order', () => {
  const { axes, values, sample, tree } = grown(3, 30)
  for (const trial of sample) expect(tree.predict(trial)).toBeCloseTo(values[trial] ?? 0, 12)
  const surface = treeSurface(tree, axes, [2, 1])
  const means = [0, 1, 2, 3].map((option) => surface.slice(option * 3, option * 3 + 3).reduce((a, b) => a + b, 0) / 3)
  // Option 2 alone has one more.
  expect(Math.max(...means)).toBe(means[2])
})
