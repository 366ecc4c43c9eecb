import type { CategoricalEncoding } from './table.ts'
import { countVocabulary } from './vocabulary.ts'

/** Ids 0 … size-1 for the values of a column. */
export interface Categories<Value> {
  readonly size: number
  idOf(value: Value): number
}

/**
 * Learns the ids of a column from training values. Without buckets, 0 is for values that are missing or that training rows
 * do not have.
 */
export function fitCategories(values: readonly string[], encoding: CategoricalEncoding): Categories<string> {
  if (encoding.buckets !== undefined) {
    const { buckets } = encoding
    return { size: buckets, idOf: (value) => hash(value) % buckets }
  }
  const known = countVocabulary(
    values.filter((value) => value !== ''),
    encoding,
  )
  const ids = new Map(known.map((value, i) => [value, i + 1]))
  return { size: known.length + 1, idOf: (value) => ids.get(value) ?? 0 }
}

/**
 * Learns from training values the bounds between bins of about equally many of them; equal bounds fall together. 0 is for
 * missing values, 1 for the lowest bin.
 */
export function fitBins(values: readonly number[], bins: number): Categories<number> {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort()
  const quantiles = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)])
  const bounds = [...new Set(quantiles)].filter((bound) => bound !== undefined && bound > (sorted[0] ?? bound))
  return {
    size: bounds.length + 2,
    idOf: (value) =>
      Number.isNaN(value) ? 0 : 1 + bounds.filter((bound) => bound !== undefined && value >= bound).length,
  }
}

/** FNV-1a over UTF-16 code units, then the finalizer of MurmurHash3, without which few buckets would fill unevenly. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
