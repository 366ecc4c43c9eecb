import type { Column, Dataset } from '../dataset.ts'
import { tokenize } from '../text/tokenize.ts'
import { fitWords, padLeft, type Words } from '../text/words.ts'
import { type Categories, fitBins, fitCategories } from './categories.ts'
import { columnOf } from './column.ts'
import { labelsOf } from './label.ts'
import { requireSchema } from './require-schema.ts'
import { fitScale } from './scale.ts'
import type { Table, TextColumn } from './table.ts'

/** What the columns of prepared data mean. */
export interface Encoding {
  /** The columns of `features`. */
  readonly features: readonly string[]
  /** The columns of `categories`. */
  readonly fields: readonly Field[]
  /** The labels' classes. Empty where labels are numbers. */
  readonly classes: readonly string[]
  /** What `tokens` stand for, where there is a text column. */
  readonly words?: Words
}

/** A column of ids. The ids of all fields are distinct, so that one table can hold the embeddings of all. */
export interface Field {
  readonly column: string
  /** Its lowest id. */
  readonly start: number
  /** How many ids it has. */
  readonly size: number
}

/** A column as it is encoded, of a row of the table. */
type Encoded = (row: number) => number

/** Learns an encoding from training rows: what it means, and what makes a dataset of rows with it. */
export function fitEncoding(
  table: Table,
  train: readonly number[],
): { readonly encoding: Encoding; encode(rows: readonly number[]): Dataset } {
  requireSchema(table.schema)
  const { numeric = {}, categorical = {}, text } = table.schema
  const features: { readonly column: string; readonly of: Encoded }[] = []
  const fields: (Field & { readonly of: Encoded })[] = []

  function addField<Value>(column: string, at: (row: number) => Value, { size, idOf }: Categories<Value>): void {
    const start = fields.reduce((sum, field) => sum + field.size, 0)
    fields.push({ column, start, size, of: (row) => start + idOf(at(row)) })
  }

  for (const [column, encoding] of Object.entries(numeric)) {
    const values = columnOf(table.numbers, column)
    const at = (row: number) => values[row] ?? Number.NaN
    if (encoding.bins === undefined) {
      const scale = fitScale(train.map(at), encoding.log)
      features.push({ column, of: (row) => scale(at(row)) })
    } else addField(column, at, fitBins(train.map(at), encoding.bins))
  }
  for (const [column, encoding] of Object.entries(categorical)) {
    const at = textAt(table, column)
    addField(column, at, fitCategories(train.map(at), encoding))
  }
  const tokens = text && fitTokens(text, textAt(table, text.column), train)
  const labels = labelsOf(table)

  function encode(rows: readonly number[]): Dataset {
    const inputs: Record<string, Column> = {}
    if (features.length > 0) {
      inputs.features = { values: Float32Array.from(cells(rows, features)), shape: [features.length] }
    }
    if (fields.length > 0) inputs.categories = { values: Int32Array.from(cells(rows, fields)), shape: [fields.length] }
    if (tokens) inputs.tokens = tokens.encode(rows)
    return { rows: rows.length, inputs, labels: { values: labels.of(rows), shape: [] } }
  }

  const encoding: Encoding = {
    features: features.map(({ column }) => column),
    fields: fields.map(({ column, start, size }) => ({ column, start, size })),
    classes: labels.classes,
    ...(tokens && { words: tokens.words }),
  }
  return { encoding, encode }
}

function fitTokens({ length, ...options }: TextColumn, textOf: (row: number) => string, train: readonly number[]) {
  const words = fitWords(
    train.map((row) => tokenize(textOf(row))),
    options,
  )
  const idsOf = (row: number) => padLeft(tokenize(textOf(row)).map(words.idOf), length)
  const encode = (rows: readonly number[]): Column => ({
    values: Int32Array.from(rows.flatMap(idsOf)),
    shape: [length],
  })
  return { words, encode }
}

function textAt({ strings }: Table, column: string): (row: number) => string {
  const values = columnOf(strings, column)
  return (row) => values[row] ?? ''
}

function cells(rows: readonly number[], columns: readonly { readonly of: Encoded }[]): number[] {
  return rows.flatMap((row) => columns.map((column) => column.of(row)))
}
