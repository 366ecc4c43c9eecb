import { expect, test } from 'vitest'
import { evenly } from '../../src/numerics/evenly.ts'
import { sample } from '../../src/report/sample.ts'

const hundred = Array.from({ length: 100 }, (_, i) => i)

test('an even sample has the first, the last and equal distances', () => {
  expect(evenly(hundred, 4)).toEqual([0, 33, 66, 99])
  expect(evenly([1, 2], 4)).toEqual([1, 2])
  expect(evenly(hundred, 1)).toHaveLength(1)
  expect(evenly(hundred, 0)).toEqual([])
})

test('a sample keeps what is named and fills up with the rest, in the order given', () => {
  const chosen = sample(hundred, [50, 51, 52], 6)
  expect(chosen).toHaveLength(6)
  expect(chosen).toEqual(expect.arrayContaining([50, 51, 52]))
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b))
  expect(sample(hundred, [1], 100)).toEqual(hundred)
})
