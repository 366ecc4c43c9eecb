import { sizeOf } from '../../../numerics/size-of.ts'
import type { Dataset } from '../dataset.ts'

export interface SmoothingOptions {
  /** Added to the count of every word: Laplace's 1. Default 1. */
  readonly unigram?: number
  /** How many times a word must have been seen for its successors to weigh as much as all words. Default 1. */
  readonly bigram?: number
}

export interface Perplexities {
  readonly unigram: number
  readonly bigram: number
}

/**
 * How well words are predicted from how often they are, and from the word before them: what a model of text must beat.
 * Perplexity is exp of the mean -log p of the labels. Counts are those of `train`:
 *   p(w) = (n(w) + a) / (n + a V),  p(w | v) = (n(v w) + b p(w)) / (n(v) + b)
 * with `unigram` a and `bigram` b; the latter is the mean of a Dirichlet posterior (MacKay & Peto 1995).
 * @param train rows of `tokens` and the next one as label, as `prepareLines` makes them
 * @param data rows to predict
 * @param words V, the ids that there are: padding is none of the words
 */
export function wordPerplexities(
  train: Dataset,
  data: Dataset,
  words: number,
  { unigram: a = 1, bigram: b = 1 }: SmoothingOptions = {},
): Perplexities {
  const counts = new Float64Array(words)
  const before = new Float64Array(words)
  const pairs = new Map<number, number>()
  for (const [last, next] of pairsOf(train)) {
    counts[next] = (counts[next] ?? 0) + 1
    before[last] = (before[last] ?? 0) + 1
    pairs.set(last * words + next, (pairs.get(last * words + next) ?? 0) + 1)
  }
  let [unigramLoss, bigramLoss] = [0, 0]
  for (const [last, next] of pairsOf(data)) {
    const p = ((counts[next] ?? 0) + a) / (train.rows + a * (words - 1))
    unigramLoss -= Math.log(p)
    bigramLoss -= Math.log(((pairs.get(last * words + next) ?? 0) + b * p) / ((before[last] ?? 0) + b))
  }
  return { unigram: Math.exp(unigramLoss / data.rows), bigram: Math.exp(bigramLoss / data.rows) }
}

/** The last token and the label of each row. */
function* pairsOf({ rows, inputs, labels }: Dataset): Generator<[number, number]> {
  const length = inputs.tokens ? sizeOf(inputs.tokens.shape) : 0
  for (let row = 0; row < rows; row++) {
    yield [inputs.tokens?.values[(row + 1) * length - 1] ?? 0, labels.values[row] ?? 0]
  }
}
