import { formatNumber } from '../report/format.ts'
import type { Assignment } from '../space/params.ts'

/** `optimizer=sgd sgd.momentum=0.9` */
export function formatParams(params: Assignment): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? formatNumber(value) : value}`)
    .join(' ')
}

/** Columns aligned for a terminal: text to the left, cells that read as numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^(-?\d.*|NaN|)$/.test(row[column] ?? '')),
  )
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
