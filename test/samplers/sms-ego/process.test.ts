import { expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { fitProcess } from '../../../src/samplers/sms-ego/process.ts'

const { next, normal } = createRandom(1, 0, 'test')
const rows = Array.from({ length: 60 }, () => Float64Array.from({ length: 3 }, next))
const others = Array.from({ length: 40 }, () => Float64Array.from({ length: 3 }, next))
const smooth = ([x = 0, y = 0, z = 0]: Float64Array) => Math.sin(4 * x) + y * z - 100
const root = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length)
const spread = root(others.map((row) => smooth(row) + 100 - others.reduce((s, o) => s + smooth(o) + 100, 0) / 40))

test('what was seen without noise is expected again, and between it little else', () => {
  const expectation = fitProcess(rows, Float64Array.from(rows, smooth))
  for (const row of rows) expect(expectation(row, 0)).toBeCloseTo(smooth(row), 3)
  expect(root(others.map((row) => expectation(row, 0) - smooth(row)))).toBeLessThan(0.05 * spread)
})

test('noise is averaged out', () => {
  const expectation = fitProcess(
    rows,
    Float64Array.from(rows, (row) => smooth(row) + 0.2 * normal()),
  )
  expect(root(rows.map((row) => expectation(row, 0) - smooth(row)))).toBeLessThan(0.16)
})

test('optimism counts where little is known', () => {
  const half = rows.filter(([x = 0]) => x < 0.5)
  const expectation = fitProcess(half, Float64Array.from(half, smooth))
  const bonus = (row: Float64Array) => expectation(row, 0) - expectation(row, 1)
  for (const row of half) expect(bonus(row)).toBeLessThan(bonus(Float64Array.of(1, 1, 1)) / 3)
})

test('values that are all the same, and points that are, are survived', () => {
  const same = fitProcess(rows, new Float64Array(60).fill(7))
  expect(same(Float64Array.of(0.1, 0.9, 0.4), 1)).toBeCloseTo(7, 6)
  const repeated = fitProcess([...rows, ...rows], Float64Array.from([...rows, ...rows], smooth))
  expect(repeated(Float64Array.of(0.5, 0.5, 0.5), 0)).toBeCloseTo(Math.sin(2) + 0.25 - 100, 1)
})
