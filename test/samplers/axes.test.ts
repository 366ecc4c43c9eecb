import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignmentOf, axesOf, pointOf, snap } from '../../src/samplers/axes.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import { arbitraryPoint, arbitrarySpec, cycle } from '../space/arbitrary.ts'

test('axes come by dimension, with their kind, size and the option that opens them', () => {
  const space = createSpace({
    z: float(0, 1),
    a: int(1, 4),
    q: float(0, 1, { step: 0.5 }),
    seed: fixed(3),
    m: choice({ sgd: { momentum: float(0, 1) }, adam: { amsgrad: bool() } }),
  })
  const axes = axesOf(space)
  expect(axes.map(({ parameter, kind, size, parent }) => [parameter.name, kind, size, parent])).toEqual([
    ['a', 'ordered', 4, undefined],
    ['adam.amsgrad', 'unordered', 2, { dimension: 2, option: 0 }],
    ['m', 'unordered', 2, undefined],
    ['q', 'ordered', 3, undefined],
    ['sgd.momentum', 'continuous', Number.POSITIVE_INFINITY, { dimension: 2, option: 1 }],
    ['z', 'continuous', Number.POSITIVE_INFINITY, undefined],
  ])
  const point = pointOf(axes, { z: 0.25, a: 4, q: 0.5, seed: 3, m: 'adam', 'adam.amsgrad': true })
  expect([...point]).toEqual([0.875, 1, 0, 0.5, Number.NaN, 0.25])
  const [, , , q] = axes
  expect(q && [0, 0.3, 0.4, 1].map((u) => snap(q, u))).toEqual([1 / 6, 1 / 6, 0.5, 5 / 6])
})

test('a point of an assignment gives the assignment back, in any space', () => {
  fc.assert(
    fc.property(arbitrarySpec(), arbitraryPoint, (spec, coordinates) => {
      const space = createSpace(spec)
      const axes = axesOf(space)
      const assignment = space.sample(cycle(coordinates))
      const again = assignmentOf(space, axes, pointOf(axes, assignment))
      for (const [name, value] of Object.entries(assignment)) {
        if (typeof value !== 'number' || Number.isInteger(value)) expect(again[name]).toEqual(value)
        else expect(Number(again[name])).toBeCloseTo(value, 6 - Math.ceil(Math.log10(Math.abs(value) + 1)))
      }
      expect(Object.keys(again)).toEqual(Object.keys(assignment))
    }),
  )
})
