import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FloatDomain, float, type IntDomain, int } from '../../src/space/domain.ts'
import { rangeAt, rangeContains, rangeFromUnit, rangeSize, rangeToUnit } from '../../src/space/range.ts'

type Range = FloatDomain | IntDomain

const values = (range: Range) => Array.from({ length: rangeSize(range) }, (_, i) => rangeAt(range, i))

/** How often each value comes up over an even sweep of the unit interval. */
function shares(range: Range, points = 60_000): Map<number, number> {
  const found = new Map<number, number>()
  for (let i = 0; i < points; i++) {
    const value = rangeFromUnit(range, (i + 0.5) / points)
    found.set(value, (found.get(value) ?? 0) + 1 / points)
  }
  return found
}

test('a stepped log range gives its powers and nothing else, in equal shares', () => {
  const found = shares(int(16, 256, { scale: 'log', step: 2 }))
  expect([...found.keys()]).toEqual([16, 32, 64, 128, 256])
  for (const share of found.values()) expect(share).toBeCloseTo(1 / 5, 3)
  expect(values(float(1e-5, 1, { scale: 'log', step: 10 }))).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1])
})

test('a step that does not divide the range stops before its end', () => {
  expect(values(float(0, 1, { step: 0.4 }))).toEqual([0, 0.4, 0.8])
  expect(values(int(1, 10, { step: 4 }))).toEqual([1, 5, 9])
  expect(values(int(3, 100, { scale: 'log', step: 2 }))).toEqual([3, 6, 12, 24, 48, 96])
  // The end is not on the grid, though it is closer to the last value than to nothing.
  expect(rangeContains(float(0, 1, { step: 0.4 }), 1)).toBe(false)
})

test('steps come out as the decimals they were written as', () => {
  expect(values(float(0, 0.3, { step: 0.1 }))).toEqual([0, 0.1, 0.2, 0.3])
  expect(values(float(-0.3, 0.3, { step: 0.1 }))).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
  expect(rangeContains(float(0, 1, { step: 0.1 }), 0.1 + 0.2)).toBe(true)
})

test('ends with more digits than a step keeps are still inside their own range', () => {
  for (const range of [float(1 / 3, 1, { step: 1 / 3 }), float(0, 2 / 3, { step: 1 / 3 })]) {
    expect(values(range)).toHaveLength(3)
    for (const value of values(range)) expect(rangeContains(range, value)).toBe(true)
  }
})

test('grids finer than 14 digits keep their values apart', () => {
  const fine = float(1e6, 1e6 + 1e-6, { step: 1e-8 })
  const seen = new Set(values(fine))
  expect(seen.size).toBe(rangeSize(fine))
  expect(seen.size).toBeGreaterThanOrEqual(100)
  expect(rangeContains(fine, 1e6 + 1.5e-8)).toBe(false)
})

test('large integers are exact', () => {
  const range = int(0, Number.MAX_SAFE_INTEGER)
  expect(rangeAt(range, 123_456_789_012_345_7)).toBe(123_456_789_012_345_7)
  expect(rangeFromUnit(range, 1)).toBe(Number.MAX_SAFE_INTEGER)
  const even = int(0, 4e9, { step: 2 })
  expect(rangeContains(even, 3e9)).toBe(true)
  expect(rangeContains(even, 3e9 + 1)).toBe(false)
})

test('integers on a linear scale have equal shares, the ends included', () => {
  const found = shares(int(-2, 3))
  expect([...found.keys()]).toEqual([-2, -1, 0, 1, 2, 3])
  for (const share of found.values()) expect(share).toBeCloseTo(1 / 6, 3)
})

test('integers on a log scale have shares like log((n + 1/2) / (n - 1/2)), the ends included', () => {
  const found = shares(int(1, 8, { scale: 'log' }))
  const width = Math.log(8.5 / 0.5)
  expect([...found.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  for (const [n, share] of found) expect(share).toBeCloseTo(Math.log((n + 0.5) / (n - 0.5)) / width, 3)
})

test('a log range is even in log x', () => {
  const range = float(1e-5, 1e-1, { scale: 'log' })
  for (const [u, value] of [[0.25, 1e-4] as const, [0.5, 1e-3] as const, [0.75, 1e-2] as const]) {
    expect(rangeFromUnit(range, u) / value).toBeCloseTo(1, 12)
    expect(rangeToUnit(range, value)).toBeCloseTo(u, 12)
  }
})

test('a reverse-log range is even in log(1 - x)', () => {
  const range = float(0, 0.999, { scale: 'reverseLog' })
  for (const [u, value] of [[1 / 3, 0.9] as const, [2 / 3, 0.99] as const]) {
    expect(rangeFromUnit(range, u)).toBeCloseTo(value, 12)
    expect(rangeToUnit(range, value)).toBeCloseTo(u, 12)
  }
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (u) => {
      expect(Math.log(1 - rangeFromUnit(range, u)) / Math.log(0.001)).toBeCloseTo(u, 11)
    }),
  )
})

test('a reverse-log range keeps small values to full precision', () => {
  const range = float(0, 0.999, { scale: 'reverseLog' })
  const small = rangeFromUnit(range, 1e-13)
  expect(small / (1e-13 * Math.log(1000))).toBeCloseTo(1, 10)
  expect(rangeToUnit(range, small) / 1e-13).toBeCloseTo(1, 10)
})

test.each<[string, Range]>([
  ['linear float', float(0.1, 0.7)],
  ['log float', float(1e-4, 3e-1, { scale: 'log' })],
  ['reverse-log float', float(0.5, 0.9999, { scale: 'reverseLog' })],
  ['stepped float', float(-1.5, 1.5, { step: 0.25 })],
  ['stepped log float', float(1e-6, 1e-2, { scale: 'log', step: 10 })],
  ['int', int(-7, 9)],
  ['log int', int(1, 1000, { scale: 'log' })],
  ['stepped log int', int(16, 256, { scale: 'log', step: 2 })],
])('both ends of a %s are reached exactly', (_, range) => {
  expect(rangeFromUnit(range, 0)).toBe(range.low)
  expect(rangeFromUnit(range, 1)).toBe(range.high)
  expect(rangeFromUnit(range, rangeToUnit(range, range.low))).toBe(range.low)
  expect(rangeFromUnit(range, rangeToUnit(range, range.high))).toBe(range.high)
})

test('only numbers within the bounds are contained', () => {
  const range = int(0, 3)
  for (const value of [-1, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', true, undefined, null]) {
    expect(rangeContains(range, value)).toBe(false)
  }
  expect(rangeContains(range, 3)).toBe(true)
  expect(rangeContains(float(0, 3), 1.5)).toBe(true)
})

test('sizes are counted, and a float without a step has no end', () => {
  expect(rangeSize(int(3, 7))).toBe(5)
  expect(rangeSize(int(1, 1000, { scale: 'log' }))).toBe(1000)
  expect(rangeSize(float(0, 1, { step: 0.1 }))).toBe(11)
  expect(rangeSize(float(0, 1))).toBe(Number.POSITIVE_INFINITY)
  expect(rangeSize(float(0, 0.5, { scale: 'reverseLog' }))).toBe(Number.POSITIVE_INFINITY)
})
