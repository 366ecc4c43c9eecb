import { expect, test } from 'vitest'
import { parseBytes, parseSeconds } from '../../src/study/quantity.ts'

test.each<[number | string, number]>([
  [90, 90],
  [0.5, 0.5],
  ['90', 90],
  ['500ms', 0.5],
  ['30s', 30],
  ['15m', 900],
  ['15min', 900],
  ['1.5h', 5400],
  ['2d', 172_800],
  [' 10 m ', 600],
])('%j is %d seconds', (input, seconds) => {
  expect(parseSeconds(input)).toBe(seconds)
})

test.each<[number | string, number]>([
  [1024, 1024],
  ['100', 100],
  ['5B', 5],
  ['3KB', 3000],
  ['2MB', 2e6],
  ['4GB', 4e9],
  ['1KiB', 1024],
  ['512MiB', 536_870_912],
  ['1.5 GiB', 1_610_612_736],
])('%j is %d bytes', (input, bytes) => {
  expect(parseBytes(input)).toBe(bytes)
})

const NEITHER = ['', 's', '3 parsecs', '-1s', '0s', '1e3', '5 toString', '1.s', '5m 3s', 0, -1, Number.NaN, 1 / 0]

test.each(NEITHER)('%j is no quantity', (input) => {
  expect(parseSeconds(input)).toBeUndefined()
  expect(parseBytes(input)).toBeUndefined()
})

test('units are not mixed up between time and memory', () => {
  expect(parseSeconds('5MB')).toBeUndefined()
  expect(parseBytes('5min')).toBeUndefined()
  expect(parseBytes('5mb')).toBeUndefined()
})
