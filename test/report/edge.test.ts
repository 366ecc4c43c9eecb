import { expect, test } from 'vitest'
import { edgeOf } from '../../src/report/edge.ts'
import { bool, choice, fixed, float, int } from '../../src/space/domain.ts'

test('the outer twentieth of a range is its edge, along its scale', () => {
  const rate = float(1e-4, 1, { scale: 'log' })
  expect([1e-4, 1.5e-4, 1.7e-4, 0.5, 0.6, 0.65, 1].map((x) => edgeOf(rate, x))).toEqual([
    'low',
    'low',
    undefined,
    undefined,
    undefined,
    'high',
    'high',
  ])
  const dropout = float(0, 0.5)
  expect([0, 0.024, 0.026, 0.474, 0.476].map((x) => edgeOf(dropout, x))).toEqual([
    'low',
    'low',
    undefined,
    undefined,
    'high',
  ])
  const momentum = float(0, 0.999, { scale: 'reverseLog' })
  expect([0.9, 0.99, 0.9987].map((x) => edgeOf(momentum, x))).toEqual([undefined, undefined, 'high'])
})

test('the end of a few values is an edge too, that of two values or of none is not', () => {
  expect([1, 2, 3, 4].map((x) => edgeOf(int(1, 4), x))).toEqual(['low', undefined, undefined, 'high'])
  const batch = int(16, 300, { scale: 'log', step: 2 })
  expect([16, 32, 128, 256].map((x) => edgeOf(batch, x))).toEqual(['low', undefined, undefined, 'high'])
  expect(edgeOf(int(0, 1), 1)).toBeUndefined()
  expect(edgeOf(choice([1, 2, 3]), 1)).toBeUndefined()
  expect(edgeOf(bool(), true)).toBeUndefined()
  expect(edgeOf(fixed(3), 3)).toBeUndefined()
})
