import { CsvError, parse } from 'csv-parse/sync'
import { DynotuneError } from '../../../errors.ts'
import { requireSchema } from '../encoding/require-schema.ts'
import type { Table, TableSchema } from '../encoding/table.ts'
import { invalidCell } from './invalid-cell.ts'
import { readDataFile } from './read-file.ts'

export interface CsvOptions {
  /** Names of the columns, where the file has no header. Default: its first line. */
  readonly columns?: readonly string[]
  /** Between fields. Default ','. */
  readonly delimiter?: string
  /** What stands for a missing value, besides nothing. Default '?'. */
  readonly missing?: string
}

/**
 * Reads the columns that a schema names from a file of comma-separated values (RFC 4180, plain or gzip). Blanks around a
 * field that is not quoted are left out, as are empty lines.
 * @throws DynotuneError `data.missing`; `data.invalid` with the line and the column of what is wrong
 */
export function readCsv(
  file: string | URL,
  schema: TableSchema,
  { columns, delimiter = ',', missing = '?' }: CsvOptions = {},
): Table {
  requireSchema(schema)
  const bytes = readDataFile(file, 'name a file of comma-separated values')
  const { numbers, strings, cells } = collect(schema)
  let header = columns
  let places = columns && placesOf(file, columns, [...cells.keys()])
  let rows = 0
  let lastLine = 0

  function onRecord(record: readonly string[], { lines }: { readonly lines: number }): null {
    lastLine = lines
    if (!header || !places) {
      header = record
      places = placesOf(file, record, [...cells.keys()])
      return null
    }
    // The parser counts the last line of a record, which has several where a field in quotes goes over lines.
    const line = () => lines - record.join('').split('\n').length + 1
    if (record.length !== header.length) {
      throw invalidCell({ file, line: line() }, `A line has ${record.length} fields instead of ${header.length}.`)
    }
    for (const [column, add] of cells) {
      const text = record[places.get(column) ?? -1] ?? ''
      const problem = add(text === missing ? '' : text)
      if (problem !== undefined) throw invalidCell({ file, line: line(), column }, problem, text)
    }
    rows++
    return null
  }

  try {
    parse(bytes, {
      bom: true,
      delimiter,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: onRecord,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // Of a quote that is not closed the parser only knows where the file ends.
    const line = error.code === 'CSV_QUOTE_NOT_CLOSED' ? lastLine + 1 : Number(error.lines)
    const column = header?.[Number(error.index)] ?? Number(error.index) + 1
    throw invalidCell({ file, line, column }, 'The quotes of a field are not as they should be.', error.message)
  }
  if (rows === 0) throw invalidCell({ file, line: lastLine + 1 }, 'The file has no rows.')
  return {
    rows,
    schema,
    numbers: Object.fromEntries(Object.entries(numbers).map(([column, values]) => [column, Float64Array.from(values)])),
    strings,
  }
}

/** Takes the text of a cell, '' where it is missing; says what is wrong with it, if anything is. */
type AddCell = (text: string) => string | undefined

/** Where the columns of a schema are collected. */
function collect({ label, numeric = {}, categorical = {}, text }: TableSchema) {
  const numbers: Record<string, number[]> = {}
  const strings: Record<string, string[]> = {}
  const cells = new Map<string, AddCell>()

  function addNumbers(column: string): void {
    const values: number[] = []
    numbers[column] = values
    cells.set(column, (cell) => {
      const value = cell === '' ? Number.NaN : Number(cell)
      values.push(value)
      return cell === '' || Number.isFinite(value) ? undefined : 'A cell is not a number.'
    })
  }

  function addStrings(column: string): void {
    const values: string[] = []
    // One string for all cells that are alike, since there are few different ones.
    const known = new Map<string, string>()
    strings[column] = values
    cells.set(column, (cell) => {
      if (!known.has(cell)) known.set(cell, cell)
      values.push(known.get(cell) ?? cell)
      return undefined
    })
  }

  for (const column of Object.keys(numeric)) addNumbers(column)
  for (const column of Object.keys(categorical)) addStrings(column)
  if (text) addStrings(text.column)
  if ('kind' in label) addNumbers(label.column)
  else addStrings(label.column)
  const addLabel = cells.get(label.column)
  cells.set(label.column, (cell) => (cell === '' ? 'A row has no label.' : addLabel?.(cell)))
  return { numbers, strings, cells }
}

/** Where the columns that are wanted are among those of the file. */
function placesOf(file: string | URL, header: readonly string[], wanted: readonly string[]): Map<string, number> {
  const wrong = wanted.find(
    (column) => header.indexOf(column) === -1 || header.indexOf(column) !== header.lastIndexOf(column),
  )
  if (wrong === undefined) return new Map(wanted.map((column) => [column, header.indexOf(column)]))
  throw new DynotuneError('data.invalid', `The file has no column "${wrong}", or several.`, {
    path: String(file),
    value: header,
    remedy: 'name columns as the first line does; or give `columns` where that is no header',
  })
}
