import { expect, test } from 'vitest'
import { differences } from './differences.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const contents = (values: number[], dtype = 'float32', shape = [values.length]) => ({ shape, dtype, values })

test('tensors agree up to the tolerance, relative to a number or to the size of them all', () => {
  expect(differences(contents([100.009, 1]), contents([100, 1]), 1e-4)).toEqual([])
  // 0.005 of 1, but the root mean square is 70.7.
  expect(differences(contents([100, 1.005]), contents([100, 1]), 1e-4)).toEqual([])
  expect(differences(contents([100, 1.01]), contents([100, 1]), 1e-4)).toEqual([
    expect.stringMatching(/^1 of 2 differ, the worst: 1\.01 instead of 1 at 1/),
  ])
  expect(differences(contents([1e-7, 0]), contents([0, 0]), 1e-4)).toEqual([])
  expect(differences(contents([2e-6, 0]), contents([0, 0]), 1e-4)).toHaveLength(1)
})

test('what is not finite must be the same', () => {
  expect(differences(contents([nan, infinity, -infinity]), contents([nan, infinity, -infinity]), 1)).toEqual([])
  for (const [actual, expected] of [
    [0, nan],
    [nan, 0],
    [0, infinity],
    [nan, infinity],
    [-infinity, infinity],
    [infinity, 0],
  ] as const)
    expect(differences(contents([actual, 1]), contents([expected, 1]), 1)).toHaveLength(1)
})

test('integers, shapes, types and lengths must be the same', () => {
  expect(differences(contents([1001], 'int32'), contents([1000], 'int32'), 0.5)).toHaveLength(1)
  expect(differences(contents([1, 2]), contents([1, 2], 'float32', [2, 1]), 1)).toHaveLength(1)
  expect(differences(contents([1], 'int32'), contents([1]), 1)).toHaveLength(1)
  expect(differences(contents([1, 2], 'float32', [3]), contents([1, 2, 3]), 1)).toHaveLength(1)
  expect(differences(undefined, contents([1]), 1)).toEqual(['missing'])
})
