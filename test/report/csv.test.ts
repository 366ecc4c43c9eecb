import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, toCsv } from '../../src/report/csv.ts'
import { parseCsv } from './parse-csv.ts'

test('what is written is read back, whatever letters the cells hold', () => {
  const cell = fc.oneof(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'é', ';') }), fc.string())
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 5 })
  fc.assert(
    fc.property(rows, (cells) => {
      expect(parseCsv(toCsv({ columns: ['x, y', 'say "z"'], rows: cells }))).toEqual([['x, y', 'say "z"'], ...cells])
    }),
  )
})

test('numbers keep their digits, those that are not finite have names, and nothing is not an empty string', () => {
  expect(csvLine([0.1 + 0.2, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(
    '0.30000000000000004,0,1e+300,NaN,Infinity,-Infinity\r\n',
  )
  expect(csvLine([true, undefined, '', ' padded'])).toBe('true,,""," padded"\r\n')
})
