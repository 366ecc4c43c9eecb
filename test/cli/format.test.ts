import { expect, test } from 'vitest'
import { formatParams, formatTable } from '../../src/cli/format.ts'

test('parameters read as name=value', () => {
  expect(formatParams({ optimizer: 'sgd', 'sgd.momentum': 0.912345678, nesterov: true })).toBe(
    'optimizer=sgd sgd.momentum=0.912346 nesterov=true',
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
