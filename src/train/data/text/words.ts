import type { VocabularyOptions } from '../encoding/table.ts'
import { countVocabulary } from '../encoding/vocabulary.ts'

/** Stands before texts that are too short. */
export const PADDING = 0
/** Stands for words that the vocabulary does not have. */
export const UNKNOWN = 1
/** Stands after the last word of a text. */
export const END = 2

const SIGNS = ['<padding>', '<unknown>', '<end>']

/** The words that a model knows, by their ids. */
export interface Words {
  /** The word of each id; the first three are signs. */
  readonly list: readonly string[]
  idOf(word: string): number
}

/** Learns the words of training texts: the most frequent have the lowest ids. */
export function fitWords(texts: readonly (readonly string[])[], options: VocabularyOptions): Words {
  const list = [...SIGNS, ...countVocabulary(texts.flat(), options)]
  const ids = new Map(list.map((word, id) => [word, id]))
  for (const sign of SIGNS) ids.delete(sign)
  return { list, idOf: (word) => ids.get(word) ?? UNKNOWN }
}

/** The last `length` ids, after padding where there are fewer. */
export function padLeft(ids: readonly number[], length: number): number[] {
  const kept = ids.slice(Math.max(0, ids.length - length))
  return [...Array<number>(length - kept.length).fill(PADDING), ...kept]
}
