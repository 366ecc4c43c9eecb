import { DynotuneError } from '../../../errors.ts'
import type { TableSchema } from './table.ts'

/**
 * A column has one use: the label among the features would tell a model what it is to find out.
 * @throws DynotuneError `data.invalid`
 */
export function requireSchema({ label, numeric = {}, categorical = {}, text }: TableSchema): void {
  const used = new Set<string>()
  const columns = [label.column, ...Object.keys(numeric), ...Object.keys(categorical), ...(text ? [text.column] : [])]
  for (const column of columns) {
    if (used.has(column)) throw invalid(column, column, 'A column is named twice.')
    used.add(column)
  }
  for (const [column, { bins = 2 }] of Object.entries(numeric)) requireCount(`${column}.bins`, bins, 2)
  for (const [column, { buckets = 1 }] of Object.entries(categorical)) requireCount(`${column}.buckets`, buckets, 1)
  if (text) requireCount(`${text.column}.length`, text.length, 1)
}

function requireCount(path: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw invalid(path, value, `This must be a whole number, at least ${least}.`)
}

function invalid(path: string, value: unknown, message: string): DynotuneError {
  return new DynotuneError('data.invalid', message, { path: `schema.${path}`, value })
}
