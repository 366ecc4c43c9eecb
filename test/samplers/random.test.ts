import { expect, test } from 'vitest'
import { random } from '../../src/samplers/random.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams, viewOf } from './history.ts'

samplerConformance('random', random)

test('random draws are uniform, and independent between parameters', () => {
  const space = createSpace({ x: float(0, 1), n: int(0, 9), c: choice({ a: { y: float(0, 1) }, b: {} }) })
  const count = 5000
  const cells = new Map<string, number>()
  for (const { x, n, c } of random().suggest(viewOf(space, 3), count, streams(3))) {
    const cell = `${Math.floor(Number(x) * 5)} ${n} ${c}`
    cells.set(cell, (cells.get(cell) ?? 0) + 1)
  }
  expect(cells.size).toBe(100)
  const share = count / 100
  const chiSquare = [...cells.values()].reduce((sum, found) => sum + (found - share) ** 2 / share, 0)
  // 99 degrees of freedom, 99.99%.
  expect(chiSquare).toBeLessThan(161)
})

test('an optional branch does not move the draws of the other parameters', () => {
  const space = createSpace({ a: choice({ on: { p: float(0, 1) }, off: {} }), z: float(0, 1) })
  const plain = createSpace({ a: choice(['off', 'on']), 'on-p': float(0, 1), z: float(0, 1) })
  const zs = (of: Space) =>
    random()
      .suggest(viewOf(of, 5), 20, streams(5))
      .map(({ z }) => z)
  expect(zs(space)).toEqual(zs(plain))
})
