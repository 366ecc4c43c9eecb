import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dominates, paretoFront, paretoRanks } from '../../src/numerics/pareto.ts'

/** Few values, so that equal ones are common. */
const losses = (objectives: number) => fc.array(fc.integer({ min: -5, max: 5 }), arrayOf(objectives))
const arrayOf = (length: number) => ({ minLength: length, maxLength: length })
const sets = fc.integer({ min: 1, max: 4 }).chain((objectives) => fc.array(losses(objectives), { maxLength: 30 }))

test('a point dominates another when it is better in one objective and worse in none', () => {
  expect(dominates([1, 2], [1, 3])).toBe(true)
  expect(dominates([1, 2], [1, 2])).toBe(false)
  expect(dominates([1, 3], [2, 2])).toBe(false)
  expect(dominates([Number.NEGATIVE_INFINITY, 0], [0, 0])).toBe(true)
})

test('the fronts are those of peeling: each is what nothing dominates once the fronts before it are gone', () => {
  fc.assert(
    fc.property(sets, (points) => {
      const ranks = paretoRanks(points)
      let left = [...points.keys()]
      for (let rank = 0; left.length > 0; rank++) {
        const front = left.filter((i) => !left.some((j) => dominates(points[j] ?? [], points[i] ?? [])))
        expect(left.filter((i) => ranks[i] === rank)).toEqual(front)
        left = left.filter((i) => !front.includes(i))
      }
    }),
  )
})

test('the front is the points of rank 0', () => {
  fc.assert(
    fc.property(sets, (points) => {
      const ranks = paretoRanks(points)
      expect(paretoFront(points)).toEqual([...points.keys()].filter((i) => ranks[i] === 0))
    }),
  )
})

test('in one objective ranks are the order of the values', () => {
  expect([...paretoRanks([[3], [1], [2], [1]])]).toEqual([2, 0, 1, 0])
})
