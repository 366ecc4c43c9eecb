import { embedTokens, predictTokens, vocabularyParameters } from '../layers/vocabulary.ts'
import { inputOf } from './forward.ts'
import type { Model } from './model.ts'
import { type TransformerConfig, transformerEncoder } from './transformer-encoder.ts'
import { visibleTokens } from './visible-tokens.ts'

export interface TransformerLanguageModelConfig extends TransformerConfig {
  /** Reads tokens and predicts them by one table. Default true. */
  readonly tied?: boolean
}

/**
 * Predicts the token after each: `tokens` int32 [rows, length], padded with 0 on either side, to logits [rows, length,
 * vocabulary]. A stack of pre-norm blocks in which each token sees only itself and those before.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function transformerLanguageModel(config: TransformerLanguageModelConfig): Model {
  const { vocabulary, tied = true } = config
  const encoder = transformerEncoder('transformerLanguageModel', config, true)
  const { width } = encoder
  return {
    parameters: [...vocabularyParameters({ vocabulary, width, tied }, width), ...encoder.parameters],
    apply(forward, inputs) {
      const tokens = inputOf(inputs, 'tokens')
      const embedded = embedTokens(forward, tokens, tied)
      return predictTokens(forward, encoder.encode(forward, embedded, visibleTokens(forward.tf, tokens)), tied)
    },
  }
}
