/** Columns as they were read: nothing is learned from them before they are split. `prepare` makes datasets of it. */
export interface Table {
  readonly rows: number
  readonly schema: TableSchema
  /** Number columns by name; NaN where a value is missing. */
  readonly numbers: { readonly [column: string]: Float64Array }
  /** Text columns by name; '' where a value is missing. */
  readonly strings: { readonly [column: string]: readonly string[] }
}

/** Which columns a table has, and what becomes of each. Plain data, so that a study may choose it. */
export interface TableSchema {
  readonly label: LabelColumn
  /** Columns of `features`, or of `categories` where they are binned. */
  readonly numeric?: { readonly [column: string]: NumericEncoding }
  /** Columns of `categories`. */
  readonly categorical?: { readonly [column: string]: CategoricalEncoding }
  /** The column that `tokens` are made of. */
  readonly text?: TextColumn
}

/** What is to be predicted: one of some classes, or a number. */
export type LabelColumn =
  | {
      readonly column: string
      /** In the order of their labels. Default: those of the whole table, sorted: they are part of the question. */
      readonly classes?: readonly string[]
    }
  | { readonly column: string; readonly kind: 'number' }

/**
 * Standardized to mean 0 and deviation 1, where a missing value becomes 0; with `log`, after sign(x) log(1 + |x|), which
 * tames heavy tails. Or sorted into bins of about equally many training rows.
 */
export type NumericEncoding = { readonly log?: boolean; readonly bins?: undefined } | { readonly bins: number }

/** An id for each value that training rows have, as a vocabulary has them; or one of a number of buckets by its hash. */
export type CategoricalEncoding = (VocabularyOptions & { readonly buckets?: undefined }) | { readonly buckets: number }

export interface VocabularyOptions {
  /** How often training rows must have a value for it to be known. Default 1. */
  readonly minCount?: number
  /** How many values are known, the most frequent ones. Default: all. */
  readonly maxSize?: number
}

export interface TextColumn extends VocabularyOptions {
  readonly column: string
  /** Tokens a row: longer texts lose their beginning, shorter ones are padded on the left. */
  readonly length: number
}
