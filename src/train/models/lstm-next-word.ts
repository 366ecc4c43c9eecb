import { dropout } from '../layers/dropout.ts'
import { glorotUniform } from '../layers/initializers.ts'
import { lstm, lstmParameters } from '../layers/lstm.ts'
import { project, projectParameters } from '../layers/project.ts'
import { embedTokens, predictTokens, vocabularyParameters } from '../layers/vocabulary.ts'
import { checkCount, checkOneOf, checkShare } from './check.ts'
import { inputOf } from './forward.ts'
import type { Model } from './model.ts'
import { visibleTokens } from './visible-tokens.ts'

export interface LstmNextWordConfig {
  /** Words, padding included: tokens are integers in [0, vocabulary). */
  readonly vocabulary: number
  /** Numbers a word. Default 10. */
  readonly embedding?: number
  /** Default 100. */
  readonly units?: number
  /** Share of the state dropped while training. Default 0.1. */
  readonly dropout?: number
  /** Reads words and predicts them by one table. Default false. */
  readonly tied?: boolean
  /** `next`: the word after the last, [rows, vocabulary]. `every`: that after each, [rows, length, vocabulary]. Default `next`. */
  readonly predicts?: 'next' | 'every'
}

/**
 * Continues texts: `tokens` int32 [rows, length], padded with 0 on the left, are embedded and read by an LSTM, from whose
 * state a dense layer tells the next word. Padding leaves no trace.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function lstmNextWord(config: LstmNextWordConfig): Model {
  const { vocabulary, embedding: width = 10, units = 100, dropout: rate = 0.1 } = config
  const { tied = false, predicts = 'next' } = config
  for (const [name, count] of Object.entries({ vocabulary, embedding: width, units })) {
    checkCount(`lstmNextWord.${name}`, count)
  }
  checkShare('lstmNextWord.dropout', rate)
  checkOneOf('lstmNextWord.predicts', predicts, ['next', 'every'])
  const narrows = tied && units !== width

  return {
    parameters: [
      ...vocabularyParameters({ vocabulary, width, tied }, units),
      ...lstmParameters('lstm', width, units),
      ...(narrows ? projectParameters('narrow', units, width, glorotUniform) : []),
    ],
    apply(forward, inputs) {
      const { tf, observe } = forward
      const tokens = inputOf(inputs, 'tokens')
      const [rows = 0, length = 0] = tokens.shape
      const steps = lstm(forward, 'lstm', embedTokens(forward, tokens, tied), visibleTokens(tf, tokens))
      const states =
        predicts === 'every'
          ? tf.transpose(steps, [1, 0, 2])
          : tf.reshape(tf.slice(steps, [length - 1, 0, 0], [1, rows, units]), [rows, units])
      observe('lstm', states)
      const kept = dropout(forward, states, rate)
      return predictTokens(forward, narrows ? project(forward, 'narrow', kept) : kept, tied)
    },
  }
}
