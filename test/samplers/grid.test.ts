import { expect, test } from 'vitest'
import { grid } from '../../src/samplers/grid.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams, viewOf } from './history.ts'

samplerConformance('grid', grid, { finite: true, seeded: false })

const space = createSpace({
  optimizer: choice({ sgd: { momentum: float(0, 0.9, { step: 0.3 }) }, adam: {} }),
  bias: bool(),
  epochs: fixed(5),
})

test('trial n is the assignment number n, until there are no more', () => {
  expect(space.size).toBe(10)
  const all = grid().suggest(viewOf(space, 1), 100, streams(1))
  expect(all).toEqual(Array.from({ length: 10 }, (_, i) => space.at(i)))
  const done = all.map(() => ({ state: 'complete', value: 1, point: [0.5] }) as const)
  expect(grid().suggest(viewOf(space, 1, done.slice(2)), 5, streams(1))).toEqual(all.slice(8))
  expect(grid().suggest(viewOf(space, 1, done), 5, streams(1))).toEqual([])
  // A study that began with another budget or space has more trials than the grid has places.
  expect(grid().suggest(viewOf(space, 1, [...done, ...done]), 5, streams(1))).toEqual([])
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
