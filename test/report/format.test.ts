import { expect, test } from 'vitest'
import {
  drawable,
  formatNumber,
  formatNumbers,
  formatSeconds,
  oneLine,
  round,
  shortName,
} from '../../src/report/format.ts'

test('numbers have six digits, integers all of theirs', () => {
  expect([0.1 + 0.2, 123456.789, 1 / 3, 20_000_001, -0].map(formatNumber)).toEqual([
    '0.3',
    '123457',
    '0.333333',
    '20000001',
    '0',
  ])
  expect([1.23456789e-7, 1234567.8, -1.5e300, Number.NaN].map(formatNumber)).toEqual([
    '1.23457e-7',
    '1.23457e6',
    '-1.5e300',
    'NaN',
  ])
  expect(round(0.123456789)).toBe(0.123457)
  expect(drawable(-1.7e308)).toBe(-1e300)
})

test('seconds are told in the units that fit', () => {
  expect([0, 0.0123, 4.25, 59.97, 60, 200, 7500, 90_000].map(formatSeconds)).toEqual([
    '0 s',
    '0.012 s',
    '4.3 s',
    '1 min',
    '1 min',
    '3 min 20 s',
    '2 h 5 min',
    '1 d 1 h',
  ])
})

test('runs of numbers are told as ranges', () => {
  expect(formatNumbers([0, 1, 2, 3, 7, 9, 10])).toBe('0–3, 7, 9, 10')
  expect(formatNumbers([])).toBe('')
})

test('text is kept to a line, to what XML allows and to a length', () => {
  expect(oneLine(' a\n\tb\u0000\u001bc\uffff ', 20)).toBe('a b c')
  expect(oneLine('a\ud800b', 20).isWellFormed()).toBe(true)
  expect(oneLine('🙂🙂🙂🙂', 3)).toBe('🙂🙂…')
  expect(shortName('a_long_parameter_name_17', 12)).toBe('a_long…me_17')
})
