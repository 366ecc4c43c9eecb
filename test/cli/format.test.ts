import { expect, test } from 'vitest'
import { formatNumber, formatParams, formatSeconds, formatTable } from '../../src/cli/format.ts'

test.each([
  [0, '0'],
  [42, '42'],
  [0.972222222, '0.97222'],
  [1234.5678, '1234.6'],
  [0.000123456, '1.23e-4'],
  [-1234567.8, '-1.23e+6'],
  [Number.NaN, 'NaN'],
])('the number %d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [0.04, '0.0 s'],
  [59.94, '59.9 s'],
  [59.97, '1 min 0 s'],
  [119.7, '2 min 0 s'],
  [250, '4 min 10 s'],
  [3599.9, '1 h 0 min'],
  [7500, '2 h 5 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

test('parameters read as name=value', () => {
  expect(formatParams({ optimizer: 'sgd', 'sgd.momentum': 0.912345678, nesterov: true })).toBe(
    'optimizer=sgd sgd.momentum=0.91235 nesterov=true',
  )
})

test('tables align text to the left and numbers to the right', () => {
  expect(
    formatTable(
      ['name', 'value'],
      [
        ['a', '1'],
        ['long', '10.5'],
      ],
    ),
  ).toBe('name  value\na         1\nlong   10.5')
  expect(formatTable(['name'], [])).toBe('name')
})
