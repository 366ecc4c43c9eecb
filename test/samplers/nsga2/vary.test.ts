import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { axesOf, type Point } from '../../../src/samplers/axes.ts'
import { vary } from '../../../src/samplers/nsga2/vary.ts'
import { choice, float, int } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'

const COUNT = 4000
const children = (axes: ReturnType<typeof axesOf>, a: number[], b: number[]): Point[] => {
  const random = createRandom(1, 0, 'test')
  return Array.from({ length: COUNT }, () => vary(axes, Float64Array.from(a), Float64Array.from(b), random))
}
const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length

describe('a number', () => {
  const axes = axesOf(createSpace(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x${i}`, float(0, 1)]))))
  const at = (u: number) => new Array<number>(20).fill(u)

  test('of a child is near one of its parents', () => {
    const found = children(axes, at(0.3), at(0.5)).flatMap((point) => [...point])
    expect(found.every((u) => u >= 0 && u <= 1)).toBe(true)
    // One child in ten is the first parent, mutated.
    expect(mean(found)).toBeCloseTo(0.9 * 0.4 + 0.1 * 0.3, 2)
    expect(mean(found.map((u) => Number(Math.min(Math.abs(u - 0.3), Math.abs(u - 0.5)) < 0.03)))).toBeGreaterThan(0.75)
  })

  test('changes once in a child of two equal parents, by a polynomial distribution of index 5', () => {
    const found = children(axes, at(0.5), at(0.5))
    const moved = found.flatMap((point) => [...point].filter((u) => u !== 0.5).map((u) => u - 0.5))
    expect(moved.length / COUNT).toBeCloseTo(1, 1)
    expect(mean(moved)).toBeCloseTo(0, 2)
    // Half of the moves are shorter than 1 - (½ + ½ · ½⁶)^(1/6) = 0.1055.
    expect(mean(moved.map((move) => Number(Math.abs(move) < 1 - (0.5 + 0.5 ** 7) ** (1 / 6))))).toBeCloseTo(0.5, 1)
  })

  test('stays within bounds at a bound', () => {
    const found = children(axes, at(0), at(1)).flatMap((point) => [...point])
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...found)).toBeLessThanOrEqual(1)
  })
})

test('an integer on a coarse axis is mutated to its neighbours', () => {
  const axes = axesOf(createSpace({ n: int(1, 8) }))
  const centre = (n: number) => (n - 0.5) / 8
  for (const n of [1, 4, 8]) {
    const found = children(axes, [centre(n)], [centre(n)]).map(([u = 0]) => Math.round(u * 8 + 0.5))
    expect(found.filter((v) => v === n).length).toBe(0)
    expect(mean(found.map((v) => Number(Math.abs(v - n) === 1)))).toBeGreaterThan(0.5)
  }
})

test('an option comes from either parent, or is another', () => {
  const axes = axesOf(createSpace({ c: choice(['a', 'b', 'c']), d: choice(['a', 'b', 'c', 'd']) }))
  const found = children(axes, [0, 1], [1, 1])
  const share = (k: number, option: number) => mean(found.map((point) => Number(point[k] === option)))
  // Mutated with one half each: from 0 or 1, that is to 2 in half of the cases.
  expect(share(0, 2)).toBeCloseTo(0.25, 1)
  expect(share(1, 1)).toBeCloseTo(0.5, 1)
  expect(share(1, 0)).toBeCloseTo(1 / 6, 1)
})

test('what is active in one parent only comes from it, and what is active in neither is drawn', () => {
  const axes = axesOf(createSpace(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, float(0, 1)]))))
  const random = createRandom(1, 0, 'test')
  const one = new Float64Array(30).fill(Number.NaN).fill(0.25, 0, 10)
  const other = new Float64Array(30).fill(Number.NaN).fill(0.75, 10, 20)
  const found = Array.from({ length: 200 }, () => vary(axes, one, other, random))
  const part = (from: number, to: number) => found.flatMap((point) => [...point.slice(from, to)])
  expect(mean(part(0, 10).map((u) => Number(u === 0.25)))).toBeGreaterThan(0.9)
  expect(mean(part(10, 20).map((u) => Number(u === 0.75)))).toBeGreaterThan(0.9)
  expect(new Set(part(20, 30)).size).toBe(2000)
})
