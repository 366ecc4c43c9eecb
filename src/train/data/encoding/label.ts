import { DynotuneError } from '../../../errors.ts'
import { columnOf } from './column.ts'
import type { Table } from './table.ts'

/** What labels rows, and the classes that its labels are of, if any. */
export interface Labels {
  readonly classes: readonly string[]
  of(rows: readonly number[]): Int32Array | Float32Array
}

/** @throws DynotuneError `data.invalid` for a label that is missing or that is of no class */
export function labelsOf({ schema: { label }, numbers, strings }: Table): Labels {
  const { column } = label
  if ('kind' in label) {
    const values = columnOf(numbers, column)
    const numberOf = (row: number) => {
      const value = values[row] ?? Number.NaN
      if (Number.isNaN(value)) throw invalid(column, row, 'The label of a row is missing.', value)
      return value
    }
    return { classes: [], of: (rows) => Float32Array.from(rows, numberOf) }
  }
  const values = columnOf(strings, column)
  const classes = label.classes ?? [...new Set(values)].filter((each) => each !== '').sort()
  const ids = new Map(classes.map((each, id) => [each, id]))
  const classOf = (row: number) => {
    const value = values[row] ?? ''
    const id = value === '' ? undefined : ids.get(value)
    if (id === undefined) throw invalid(column, row, `The label of a row is none of ${classes.join(', ')}.`, value)
    return id
  }
  return { classes, of: (rows) => Int32Array.from(rows, classOf) }
}

function invalid(column: string, row: number, message: string, value: unknown): DynotuneError {
  return new DynotuneError('data.invalid', message, {
    path: `${column}.${row}`,
    value,
    remedy: 'leave rows without a label out; name all classes in the schema',
  })
}
