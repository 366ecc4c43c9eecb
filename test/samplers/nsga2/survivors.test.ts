import { expect, test } from 'vitest'
import { crowdingDistances } from '../../../src/samplers/nsga2/crowding.ts'
import { survivors, winner } from '../../../src/samplers/nsga2/survivors.ts'

const individual = (number: number, losses: number[] | undefined, violation = 0) => ({
  number,
  violation,
  ...(losses && { losses }),
})

test('crowding is the sum of the gaps to the neighbours, in shares of the range', () => {
  const front = [
    [0, 10],
    [1, 6],
    [3, 5],
    [10, 0],
  ]
  expect([...crowdingDistances(front)]).toEqual([
    Number.POSITIVE_INFINITY,
    expect.closeTo(3 / 10 + 5 / 10, 12),
    expect.closeTo(9 / 10 + 6 / 10, 12),
    Number.POSITIVE_INFINITY,
  ])
  // All alike: nobody is more alone than another, but for the two that count as the ends.
  expect([...crowdingDistances([[1], [1], [1]])].filter((distance) => distance === 0)).toHaveLength(1)
})

test('feasible ones come first, by front, then infeasible ones by how far they are from feasible', () => {
  const all = [
    individual(0, undefined, Number.POSITIVE_INFINITY),
    individual(1, [0, 0], 2),
    individual(2, [5, 5]),
    individual(3, [-9, -9], 0.5),
    individual(4, [1, 2]),
    individual(5, [2, 1]),
    individual(6, undefined, Number.POSITIVE_INFINITY),
  ]
  const kept = survivors(all, 7)
  expect(kept.map(({ number }) => number)).toEqual([4, 5, 2, 3, 1, 0, 6])
  expect(kept.map(({ rank }) => rank)).toEqual([0, 0, 1, 2, 3, 4, 4])
  expect(survivors(all, 3).map(({ number }) => number)).toEqual([4, 5, 2])
})

test('of a front that does not fit whole the crowded ones go', () => {
  const line = [0, 1, 2, 2.1, 3, 6].map((x, number) => individual(number, [x, -x]))
  expect(
    survivors(line, 4)
      .map(({ number }) => number)
      .sort((a, b) => a - b),
  ).toEqual([0, 1, 4, 5])
})

test('of two the one of the better front is to be a parent, then the more alone', () => {
  const [a, b, c] = [
    { rank: 0, crowding: 1 },
    { rank: 1, crowding: 9 },
    { rank: 0, crowding: 2 },
  ]
  expect(winner(a, b)).toBe(a)
  expect(winner(b, a)).toBe(a)
  expect(winner(a, c)).toBe(c)
})
