import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPace } from '../../../src/queue/redis/parcels.ts'

const after = (seconds: readonly number[]) => {
  const pace = createPace()
  for (const each of seconds) pace.took(each)
  return pace
}

test('trials travel alone until it is known how long they take', () => {
  expect(after([]).together(1000, 1)).toBe(1)
  expect(after(Array(7).fill(0.001)).together(1000, 1)).toBe(1)
  expect(after(Array(8).fill(0.001)).together(1000, 1)).toBe(32)
})

test('and where they are long, and where no slot is there', () => {
  expect(after(Array(100).fill(0.11)).together(1000, 1)).toBe(1)
  expect(after(Array(100).fill(0.001)).together(1000, 0)).toBe(1)
  // Ten long ones are enough, after however many short ones.
  expect(after([...Array(1000).fill(0.001), ...Array(10).fill(0.2)]).together(1000, 1)).toBe(1)
})

test('a parcel lasts a quarter of a second and leaves two for each slot', () => {
  const seconds = fc.double({ min: 0, max: 0.1, noNaN: true })
  fc.assert(
    fc.property(
      seconds,
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 1000 }),
      (mean, flights, slots) => {
        const size = after(Array(10).fill(mean)).together(flights, slots)
        expect(Number.isInteger(size) && size >= 1 && size <= 32).toBe(true)
        if (size === 1) return
        expect(size * mean).toBeLessThanOrEqual(0.25 * (1 + 1e-9))
        expect(2 * slots * size).toBeLessThanOrEqual(flights)
      },
    ),
  )
})
