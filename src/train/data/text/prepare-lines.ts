import type { Dataset } from '../dataset.ts'
import { encodeParts, type PartDatasets, type PartRows, requireParts } from '../encoding/parts.ts'
import type { VocabularyOptions } from '../encoding/table.ts'
import { tokenize } from './tokenize.ts'
import { END, fitWords, padLeft, type Words } from './words.ts'

export interface LineOptions extends VocabularyOptions {
  /** How many words before it a word is predicted from. */
  readonly length: number
}

/**
 * Makes datasets of lines of text in which each word is predicted from those before it, and the end after the last word:
 * `tokens` [length], padded on the left, and as label the next one. What a line gives is in the part of that line, since
 * windows that overlap would tell one part what is in another; words are learned from the lines of `train`.
 * @param parts numbers of lines, none in two
 * @throws DynotuneError `data.invalid`
 */
export function prepareLines(
  lines: readonly string[],
  parts: Required<PartRows>,
  options: LineOptions,
): Required<PartDatasets> & { readonly words: Words }
export function prepareLines(
  lines: readonly string[],
  parts: PartRows,
  options: LineOptions,
): PartDatasets & { readonly words: Words }
export function prepareLines(
  lines: readonly string[],
  parts: PartRows,
  { length, ...options }: LineOptions,
): PartDatasets & { readonly words: Words } {
  requireParts(lines.length, parts)
  const textOf = (line: number) => tokenize(lines[line] ?? '')
  const words = fitWords(parts.train.map(textOf), options)
  const idsOf = (line: number) => [...textOf(line).map(words.idOf), END]
  return { ...encodeParts(parts, (rows) => cutWindows(rows.map(idsOf), length)), words }
}

/** One row for each id of each text: the ids before it, and itself as label. */
function cutWindows(texts: readonly (readonly number[])[], length: number): Dataset {
  const labels = Int32Array.from(texts.flat())
  const tokens = new Int32Array(labels.length * length)
  let row = 0
  for (const ids of texts) for (const i of ids.keys()) tokens.set(padLeft(ids.slice(0, i), length), row++ * length)
  return {
    rows: labels.length,
    inputs: { tokens: { values: tokens, shape: [length] } },
    labels: { values: labels, shape: [] },
  }
}
