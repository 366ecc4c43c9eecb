import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../src/samplers/distinct.ts'
import { type GridOptions, grid } from '../../src/samplers/grid.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { arbitrarySpec } from '../space/arbitrary.ts'
import { streams, toldView, viewOf } from './history.ts'

samplerConformance('grid', grid, { finite: true, seeded: false })

describe('in a random order', () => {
  samplerConformance('grid', () => grid({ order: 'random' }), { finite: true })
})

describe('from coarse to fine', () => {
  samplerConformance('grid', () => grid({ order: 'coarseToFine' }), { finite: true, seeded: false })
})

const space = createSpace({
  optimizer: choice({ sgd: { momentum: float(0, 0.9, { step: 0.3 }) }, adam: {} }),
  bias: bool(),
  epochs: fixed(5),
})

const complete = () => ({ state: 'complete', value: 1 }) as const
/** What a grid suggests, all of it or the first of it, after trials with some parameters. */
const all = (of: Space, options: GridOptions = {}, count = 1e6, tried: readonly Assignment[] = [], seed = 1) =>
  grid(options).suggest(toldView(of, seed, tried, complete), count, streams(seed))

test('trial n is the assignment number n, until there are no more', () => {
  expect(space.size).toBe(10)
  const cells = Array.from({ length: 10 }, (_, i) => space.at(i))
  expect(all(space)).toEqual(cells)
  expect(all(space, {}, 5, cells.slice(0, 8))).toEqual(cells.slice(8))
  expect(all(space, {}, 5, cells)).toEqual([])
  // A study that began with another budget or space has more trials than the grid has places.
  expect(all(space, {}, 5, [...cells, ...cells])).toEqual([])
})

test('what enqueued trials have tried is left out, wherever they come', () => {
  const cells = all(space)
  expect(all(space, {}, 4, [space.at(7), space.at(1)])).toEqual([0, 2, 3, 4].map((i) => cells[i]))
  expect(all(space, {}, 9, [space.at(7), space.at(0), space.at(1)])).toEqual([2, 3, 4, 5, 6, 8, 9].map((i) => cells[i]))
  for (const order of ['random', 'coarseToFine'] as const) {
    const rest = all(space, { order }, 100, [space.at(7), space.at(1)])
    expect(rest).toEqual(all(space, { order }).filter((cell) => ![7, 1].some((i) => isSame(cell, space.at(i)))))
  }
})

describe('values per axis', () => {
  const endless = createSpace({
    rate: float(0.001, 10, { scale: 'log' }),
    optimizer: choice({ sgd: { momentum: float(0, 0.9) }, adam: {} }),
    layers: int(1, 4),
  })

  test('stand for floats without a step, evenly along the scale, the ends included', () => {
    const cells = all(endless, { perAxis: 3 })
    // Three rates, four layers, and three values of momentum or adam.
    expect(cells).toHaveLength(3 * 4 * (3 + 1))
    expect(distinct(cells, 'rate')).toEqual([0.001, 0.1, 10].map((rate) => expect.closeTo(rate, 12)))
    expect(distinct(cells, 'sgd.momentum')).toEqual([0, 0.45, 0.9])
    expect(distinct(cells, 'layers')).toEqual([1, 2, 3, 4])
    for (const cell of cells) expect(endless.contains(cell)).toBe(true)
    expect(new Set(cells.map(keyOf)).size).toBe(cells.length)
    expect(distinct(all(endless, { perAxis: 1 }), 'rate')).toEqual([expect.closeTo(0.1, 12)])
  })

  test('are given by name to any range', () => {
    const cells = all(endless, { perAxis: { rate: 5, 'sgd.momentum': 2, layers: 2 } })
    expect(cells).toHaveLength(5 * 2 * (2 + 1))
    expect(distinct(cells, 'layers')).toEqual([1, 4])
    expect(distinct(cells, 'sgd.momentum')).toEqual([0, 0.9])
    // No more than there are.
    const widths = createSpace({ width: int(1, 64, { scale: 'log' }), depth: int(1, 3) })
    expect(distinct(all(widths, { perAxis: { width: 4, depth: 9 } }), 'width')).toEqual([1, 4, 16, 64])
    expect(distinct(all(widths, { perAxis: { width: 4, depth: 9 } }), 'depth')).toEqual([1, 2, 3])
  })

  test('must be numbers of what is in the space', () => {
    for (const name of ['momentum', 'optimizer']) {
      expect(() => grid({ perAxis: { [name]: 3 } }).check?.(viewOf(endless, 1))).toThrow(
        expect.objectContaining({ code: 'sampler.invalid', path: `sampler.grid.perAxis.${name}` }),
      )
    }
    const some = grid({ perAxis: { rate: 3 } })
    expect(() => some.check?.(viewOf(endless, 1))).toThrow(
      expect.objectContaining({ code: 'space.infinite', path: 'space.sgd.momentum' }),
    )
    expect(() => grid({ perAxis: 3 }).check?.(viewOf(endless, 1))).not.toThrow()
  })
})

test.each([{ order: 'any' }, { perAxis: 0 }, { perAxis: { rate: 1.5 } }, { per: 3 }])('%j is refused', (options) => {
  expect(() => Reflect.apply(grid, undefined, [options])).toThrow(
    expect.objectContaining({
      code: 'sampler.invalid',
      path: expect.stringContaining(`sampler.grid.${Object.keys(options)[0]}`),
      remedy: expect.stringContaining('perAxis'),
    }),
  )
})

describe('the order', () => {
  test('from coarse to fine begins with the middles, then takes the ends in, then what is between', () => {
    const line = createSpace({ x: float(0, 1) })
    expect(all(line, { order: 'coarseToFine', perAxis: 9 }).map(({ x }) => x)).toEqual([
      0.5, 0, 1, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875,
    ])
    const plane = createSpace({ n: int(0, 4), x: float(0, 1), act: choice(['relu', 'tanh']) })
    const cells = all(plane, { order: 'coarseToFine', perAxis: 3 })
    expect(cells).toHaveLength(5 * 3 * 2)
    expect(cells.slice(0, 2)).toEqual(['relu', 'tanh'].map((act) => ({ n: 2, x: 0.5, act })))
    // Then the rest of three by three.
    expect(distinct(cells.slice(0, 18), 'n')).toEqual([0, 2, 4])
    expect(new Set(cells.slice(0, 18).map(keyOf)).size).toBe(18)
    expect(distinct(cells.slice(18), 'n')).toEqual([1, 3])
  })

  test('goes through every cell once, whichever it is', () => {
    fc.assert(
      fc.property(
        arbitrarySpec({ finite: true, depth: 1 }),
        fc.constantFrom('random', 'coarseToFine'),
        (spec, order) => {
          const any = createSpace(spec)
          fc.pre(any.size < 2000)
          expect(new Set(all(any, { order }).map(keyOf))).toEqual(new Set(all(any).map(keyOf)))
          expect(all(any, { order })).toHaveLength(any.size)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('by chance is of the seed, and has no end in sight in a large grid', () => {
    const order = { order: 'random' } as const
    expect(all(space, order, 10, [], 1)).not.toEqual(all(space, order, 10, [], 2))
    const large = createSpace({ a: int(0, 999_999), b: int(0, 999_999) })
    const found = all(large, order, 50)
    expect(new Set(found.map(({ a }) => a)).size).toBeGreaterThan(45)
    const endless = createSpace({ a: int(0, 2 ** 40), b: int(0, 2 ** 40) })
    expect(() => grid(order).check?.(viewOf(endless, 1))).toThrow(
      expect.objectContaining({ code: 'sampler.invalid', path: 'sampler.grid.order' }),
    )
  })
})

test('constraints that allow nothing are found out, even where the grid would not end', () => {
  const endless = createSpace({ a: int(0, 2 ** 40) })
  const view = viewOf(endless, 1, [], { allows: () => false })
  expect(() => grid().suggest(view, 1, streams(1))).toThrow(expect.objectContaining({ code: 'sampler.constraints' }))
})

test('a space without end is refused, with the first parameter that has no step', () => {
  const spec = {
    layers: int(1, 4),
    optimizer: choice({ sgd: { momentum: float(0, 0.99) } }),
    rate: float(0, 1),
  }
  const view = viewOf(createSpace(spec), 1)
  const refusal = expect.objectContaining({
    code: 'space.infinite',
    path: 'space.sgd.momentum',
    message: expect.stringContaining('"sgd.momentum"'),
    value: spec.optimizer.branches.sgd.momentum,
    remedy: expect.stringContaining('step'),
  })
  expect(() => grid().check?.(view)).toThrow(refusal)
  // Asked all the same, it makes nothing up.
  expect(() => grid().suggest(view, 1, streams(1))).toThrow(expect.objectContaining({ code: 'space.infinite' }))
  expect(() => grid().check?.(viewOf(space, 1))).not.toThrow()
})

test('a space whose size overflows is still finite', () => {
  const wide = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, int(0, Number.MAX_SAFE_INTEGER - 1)]))
  const view = viewOf(createSpace(wide), 1)
  expect(view.space.size).toBe(Number.POSITIVE_INFINITY)
  expect(() => grid().check?.(view)).not.toThrow()
  const names = Object.keys(wide).sort()
  const [zero, one] = grid().suggest(view, 2, streams(1))
  expect(zero).toEqual(Object.fromEntries(names.map((name) => [name, 0])))
  expect(one).toEqual({ ...zero, [names.at(-1) ?? '']: 1 })
})

const isSame = (a: Assignment, b: Assignment) => keyOf(a) === keyOf(b)

/** The values that a parameter takes among some assignments, in order. */
function distinct(assignments: readonly Assignment[], name: string): number[] {
  const found = new Set(assignments.flatMap(({ [name]: value }) => (value === undefined ? [] : [Number(value)])))
  return [...found].sort((a, b) => a - b)
}
