import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import { createSpace, type Space } from '../../src/space/space.ts'
import { arbitrarySpec, reversed } from './arbitrary.ts'

const finiteSpec = arbitrarySpec({ finite: true, depth: 2 })

/** All indices of a small space; of a large one the first, the last and some between. */
function indices({ size }: Space, most = 150): number[] {
  const count = Math.min(size, most)
  return Array.from({ length: count }, (_, i) =>
    size <= most ? i : Math.min(size - 1, Math.floor((i * size) / (most - 1))),
  )
}

test('at enumerates distinct assignments inside the space, as many as its size', () => {
  fc.assert(
    fc.property(finiteSpec, (spec) => {
      const space = createSpace(spec)
      const found = indices(space).map(space.at)
      expect(found.every(space.contains)).toBe(true)
      expect(new Set(found.map((assignment) => JSON.stringify(assignment))).size).toBe(found.length)
      expect(() => space.at(space.size)).toThrow(expect.objectContaining({ code: 'space.infinite' }))
    }),
  )
})

test('every point of a finite space is among them', () => {
  const space = createSpace({
    a: choice({ x: { n: int(1, 2), flag: bool() }, y: {}, z: { inner: choice({ p: { v: bool() }, q: {} }) } }),
    b: float(0, 0.2, { step: 0.1 }),
    c: fixed('constant'),
  })
  expect(space.size).toBe((4 + 1 + 3) * 3)
  const enumerated = new Set(Array.from({ length: space.size }, (_, i) => JSON.stringify(space.at(i))))
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (point) => {
      const assignment = space.sample(({ dimension }) => point[dimension % point.length] ?? 0)
      expect(enumerated).toContain(JSON.stringify(assignment))
    }),
  )
})

test('the last parameter by name varies fastest, and a branch opens where its name sorts', () => {
  const space = createSpace({ b: choice(['p', 'q']), a: choice({ y: {}, x: { n: int(1, 2) } }) })
  expect(Array.from({ length: space.size }, (_, i) => space.at(i))).toEqual([
    { a: 'x', 'x.n': 1, b: 'p' },
    { a: 'x', 'x.n': 1, b: 'q' },
    { a: 'x', 'x.n': 2, b: 'p' },
    { a: 'x', 'x.n': 2, b: 'q' },
    { a: 'y', b: 'p' },
    { a: 'y', b: 'q' },
  ])
})

test('an index means the same however the source is ordered', () => {
  fc.assert(
    fc.property(finiteSpec, (spec) => {
      const [space, other] = [createSpace(spec), createSpace(reversed(spec))]
      expect(other.size).toBe(space.size)
      for (const index of indices(space, 20)) expect(other.at(index)).toEqual(space.at(index))
    }),
  )
})

test('a space with a continuous parameter is infinite and has no assignment by number', () => {
  const space = createSpace({ n: int(1, 2), rate: float(0, 1) })
  expect(space.size).toBe(Number.POSITIVE_INFINITY)
  expect(() => space.at(0)).toThrow(expect.objectContaining({ code: 'space.infinite', value: 0 }))
})

test('only whole numbers from zero below the size are indices', () => {
  const space = createSpace({ n: int(1, 3) })
  for (const index of [-1, 3, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => space.at(index)).toThrow(expect.objectContaining({ code: 'space.infinite' }))
  }
})
