import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { axesOf } from '../../../src/samplers/axes.ts'
import { columnsOf, rowsOf } from '../../../src/samplers/gaussian-process/inputs.ts'
import { maximise, wholeBox } from '../../../src/samplers/gaussian-process/maximise.ts'
import { neglected } from '../../../src/samplers/gaussian-process/neglected.ts'
import type { Surface } from '../../../src/samplers/gaussian-process/surface.ts'
import { progressOf, regionAround } from '../../../src/samplers/gaussian-process/trust-region.ts'
import { choice, float, int } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'
import { kernel } from './model.ts'

// By name: kind, kind's a.rate and b.size, then x.
const space = createSpace({ kind: choice({ a: { rate: float(0, 1) }, b: { size: int(1, 5) } }), x: float(0, 1) })
const axes = axesOf(space)
const columns = columnsOf(axes)
const at = Object.fromEntries(axes.map(({ parameter }, k) => [parameter.name, k]))
const point = (values: Readonly<Record<string, number>>) => {
  const coordinates = new Float64Array(axes.length).fill(0.3)
  for (const [name, value] of Object.entries(values)) coordinates[at[name] ?? 0] = value
  return coordinates
}

describe('the columns of a space', () => {
  test('say nothing of what is not active', () => {
    const [first, second] = [point({ kind: 0, 'b.size': 0.1 }), point({ kind: 0, 'b.size': 0.9 })]
    expect(rowsOf(columns, [first])).toEqual(rowsOf(columns, [second]))
    expect(rowsOf(columns, [first])[at['b.size'] ?? 0]).toBe(0.5)
  })
})

describe('a search', () => {
  /** Highest where kind is b, x is 0.7 and the size is the fourth, 0.7. */
  const evaluate = (row: Float64Array, gradient?: Float64Array) => {
    const of = (name: string) => row[at[name] ?? 0] ?? 0
    if (gradient) gradient[at.x ?? 0] = (gradient[at.x ?? 0] ?? 0) - 2 * (of('x') - 0.7)
    const size = of('kind') === 1 ? 1 - (of('b.size') - 0.7) ** 2 : 0
    return size - (of('x') - 0.7) ** 2
  }
  const surface: Surface = {
    size: 1,
    evaluate,
    evaluateEach: (rows, count) =>
      Float64Array.from({ length: count }, (_, i) => evaluate(rows.slice(i * axes.length, (i + 1) * axes.length))),
  }
  const search = (limits: Parameters<typeof maximise>[3]) =>
    maximise(axes, columns, surface, limits, [point({ kind: 0 })], createRandom(1, 0, 'search'))[0] ?? point({})

  test('finds the options, the steps and the numbers', () => {
    const found = search({ box: wholeBox(axes.length) })
    expect([found[at.kind ?? 0], found[at['b.size'] ?? 0]]).toEqual([1, 0.7])
    expect(found[at.x ?? 0]).toBeCloseTo(0.7, 5)
  })

  test('stays where it is held', () => {
    const box = { low: new Float64Array(axes.length), high: new Float64Array(axes.length).fill(0.5) }
    const found = search({ box, pin: { dimension: at.kind ?? 0, option: 0 } })
    expect(found[at.kind ?? 0]).toBe(0)
    expect(found[at.x ?? 0]).toBeCloseTo(0.5, 5)
  })
})

test('the option that was tried least is the neglected one, until all have had half their part', () => {
  const data = (options: readonly number[]) => ({
    axes,
    columns,
    points: [],
    y: new Float64Array(0),
    pending: [],
    tried: options.map((kind) => point({ kind })),
    labels: new Float64Array(options.length),
  })
  const best = point({ kind: 0 })
  expect(neglected(data([0, 0, 0, 0, 1]), best, 0)).toEqual({ dimension: at.kind, option: 1 })
  expect(neglected(data([0, 0, 0, 1]), best, 0)).toBeUndefined()
})

describe('the trust region', () => {
  test('grows with success, shrinks with failure and begins again', () => {
    expect(progressOf(Float64Array.of(9, 8, 7))).toEqual({ stalled: 0, length: 1.6 })
    const flat = (count: number) => progressOf(new Float64Array(count + 1).fill(1))
    expect(flat(5)).toEqual({ stalled: 5, length: 0.4 })
    expect(flat(30)).toEqual({ stalled: 30, length: 0.8 / 64 })
    expect(flat(35)).toEqual({ stalled: 35, length: 0.8 })
  })

  test('lies around its centre, wider along what matters little', () => {
    const { low, high } = regionAround(Float64Array.of(0.5, 0.5, 0.5, 0.1), 0.2, kernel)
    const width = low.map((u, k) => (high[k] ?? 0) - u)
    expect(width[1]).toBeGreaterThan(width[0] ?? 0)
    expect(width[0]).toBeGreaterThan(width[2] ?? 0)
    for (const u of low) expect(u).toBeGreaterThanOrEqual(0)
    expect(((low[0] ?? 0) + (high[0] ?? 0)) / 2).toBeCloseTo(0.5, 12)
  })
})
