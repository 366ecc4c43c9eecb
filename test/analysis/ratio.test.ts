import { expect, test } from 'vitest'
import { ratioOf } from '../../src/analysis/ratio.ts'
import { createRandom } from '../../src/numerics/random.ts'

const INFINITE = Number.POSITIVE_INFINITY

test('the interval of a ratio covers as those that it is made of', () => {
  const random = createRandom(1, 0, 'ratio')
  const estimate = (truth: number, error: number) => {
    const value = truth * Math.exp(error * random.normal())
    return { value, low: value * Math.exp(-1.96 * error), high: value * Math.exp(1.96 * error) }
  }
  let held = 0
  for (let i = 0; i < 4000; i++) {
    const { low, high } = ratioOf(estimate(30, 0.2), estimate(5, 0.4))
    if (low <= 6 && 6 <= high) held++
  }
  expect(held / 4000).toBeGreaterThan(0.94)
  expect(held / 4000).toBeLessThan(0.96)
})

test('open intervals make open ones', () => {
  const ten = { value: 10, low: 8, high: 12 }
  expect(ratioOf(ten, { value: 5, low: 4, high: INFINITE })).toMatchObject({ value: 2, low: 0 })
  expect(ratioOf(ten, { value: 5, low: 0, high: 7 })).toMatchObject({ value: 2, high: INFINITE })
  expect(ratioOf(ten, { value: INFINITE, low: 4, high: INFINITE })).toEqual({ value: 0, low: 0, high: 3 })
  expect(ratioOf({ value: INFINITE, low: 8, high: INFINITE }, { value: 2, low: 1, high: 4 })).toEqual({
    value: INFINITE,
    low: 2,
    high: INFINITE,
  })
  expect(ratioOf({ value: 0, low: 0, high: 1 }, { value: 0, low: 0, high: 1 })).toEqual({
    value: Number.NaN,
    low: 0,
    high: INFINITE,
  })
})
