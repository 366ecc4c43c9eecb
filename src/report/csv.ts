/** One cell of a table of data; undefined is an empty cell. */
export type Cell = string | number | boolean | undefined

/** Named columns and rows of as many cells. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A table as CSV after RFC 4180: a header line, then a line for each row. */
export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map(csvLine).join('')
}

/**
 * One line of CSV, with its CRLF, and quotes where a cell needs them. Numbers keep all their digits; those that are not
 * finite are spelled `NaN`, `Infinity` and `-Infinity`. A cell without a value is empty, an empty string is `""`.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellToCsv).join(',')}\r\n`
}

function cellToCsv(cell: Cell): string {
  if (cell === undefined) return ''
  const text = String(cell)
  // Some readers trim cells without quotes, so that outer blanks would be lost.
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
