import { expect, test } from 'vitest'
import { valueScale } from '../../src/report/figures/value-scale.ts'

const bulk = Array.from({ length: 20 }, (_, i) => 0.1 + 0.02 * i)

test('the axis holds all values where none is far from the others', () => {
  const scale = valueScale(bulk, 'minimize')
  expect(scale.type).toBe('linear')
  expect(scale.limit).toBeUndefined()
  for (const value of bulk) {
    expect(value).toBeGreaterThan(scale.domain[0])
    expect(value).toBeLessThan(scale.domain[1])
  }
})

test('one diverging value does not flatten the others, on the bad side only', () => {
  const minimized = valueScale([...bulk, 1e6], 'minimize')
  expect(minimized.domain[1]).toBeLessThan(0.6)
  expect(minimized.beyond(1e6)).toBe(true)
  expect(minimized.clamp(1e6)).toBe(minimized.domain[1])
  expect(minimized.clamp(0.3)).toBe(0.3)
  expect(minimized.limit).toBeDefined()

  const maximized = valueScale([...bulk, -1e6], 'maximize')
  expect(maximized.domain[0]).toBeGreaterThan(0)
  expect(maximized.clamp(-1e6)).toBe(maximized.domain[0])
  // The same value on the good side is what the reader came for.
  expect(valueScale([...bulk, 1e6], 'maximize').domain[1]).toBeGreaterThan(1e6)
  expect(valueScale([...bulk, 1e6], 'maximize').limit).toBeUndefined()
})

test('the extremes of the curves that count decide how far the axis reaches', () => {
  const scale = valueScale([...bulk, 3, 50], 'minimize', bulk)
  expect(scale.domain[1]).toBeLessThan(1)
  expect([3, 50].every(scale.beyond)).toBe(true)
})

test('positive values over decades get a logarithmic axis, when small is good', () => {
  const decades = Array.from({ length: 20 }, (_, i) => 10 ** (-i / 4))
  expect(valueScale(decades, 'minimize').type).toBe('log')
  expect(valueScale(decades, 'minimize').domain[0]).toBeGreaterThan(0)
  expect(valueScale(decades, 'maximize').type).toBe('linear')
  expect(valueScale([...decades, -1], 'minimize').type).toBe('linear')
})

test.each([
  ['none', []],
  ['one', [3]],
  ['equal', [0.5, 0.5, 0.5]],
  ['zeros', [0, 0]],
  ['mostly equal', [1, 1, 1, 1, 1, 1, 1, 1, 1, 2]],
  ['huge', [-1e300, 0, 1e300]],
  ['tiny', [1e-320, 2e-320]],
  ['large and equal', [1e300, 1e300]],
])('the ends are two finite numbers in order: %s', (_, values) => {
  for (const goal of ['minimize', 'maximize'] as const) {
    const [low, high] = valueScale(values, goal).domain
    expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true)
    expect(low).toBeLessThan(high)
    for (const value of values) {
      const drawn = valueScale(values, goal).clamp(value)
      expect(drawn >= low && drawn <= high).toBe(true)
    }
  }
})
