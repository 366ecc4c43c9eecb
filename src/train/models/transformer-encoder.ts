import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Activation } from '../layers/activation.ts'
import { attentionMask } from '../layers/attention-mask.ts'
import { dropout } from '../layers/dropout.ts'
import { layerNorm, layerNormParameters } from '../layers/layer-norm.ts'
import { positions, sinusoids } from '../layers/positions.ts'
import {
  type TransformerBlockConfig,
  transformerBlock,
  transformerBlockParameters,
} from '../layers/transformer-block.ts'
import type { Parameter } from '../parameter.ts'
import { checkActivation, checkCount, checkOneOf, checkShare } from './check.ts'
import type { Forward } from './model.ts'

export interface TransformerConfig {
  /** Tokens, padding included: integers in [0, vocabulary), 0 for padding on either side. */
  readonly vocabulary: number
  /** Tokens a row, at most. */
  readonly length: number
  /** Numbers a token. Default 64. */
  readonly width?: number
  /** A divisor of the width. Default 4. */
  readonly heads?: number
  /** Default 2. */
  readonly blocks?: number
  /** Units between the two dense layers of a block. Default 4 times the width. */
  readonly inner?: number
  /** Default `gelu`. */
  readonly activation?: Activation
  /** Share dropped while training of the embedded tokens and of what each half of a block adds. Default 0.1. */
  readonly dropout?: number
  /** Share of the attention weights dropped while training. Default 0.1. */
  readonly attentionDropout?: number
  /** `learned` positions begin as the sines and cosines that `sinusoidal` ones stay. Default `learned`. */
  readonly positions?: 'learned' | 'sinusoidal'
}

/** A stack of blocks over embedded tokens. */
export interface TransformerEncoder {
  readonly width: number
  readonly parameters: readonly Parameter[]
  /**
   * Tokens in, each as what it means among the others.
   * @param embedded [rows, time, width]
   * @param visible [rows, time], 1 for a token and 0 for padding
   */
  encode(forward: Forward, embedded: Tensor, visible: Tensor): Tensor
}

/**
 * Blocks `block0`, `block1`, …, a layer norm `norm`, and learned positions `positions` [length, width].
 * @param path of the model, for errors
 * @param causal whether a token sees only itself and those before
 */
export function transformerEncoder(path: string, config: TransformerConfig, causal: boolean): TransformerEncoder {
  const { vocabulary, length, width = 64, heads = 4, blocks = 2, inner = 4 * width, activation = 'gelu' } = config
  const { dropout: rate = 0.1, attentionDropout = 0.1, positions: kind = 'learned' } = config
  for (const [name, count] of Object.entries({ vocabulary, length, width, heads, blocks, inner })) {
    checkCount(`${path}.${name}`, count)
  }
  checkActivation(`${path}.activation`, activation)
  checkOneOf(`${path}.positions`, kind, ['learned', 'sinusoidal'])
  checkShare(`${path}.dropout`, rate)
  checkShare(`${path}.attentionDropout`, attentionDropout)
  if (width % heads !== 0) {
    throw new DynotuneError('model.invalid', 'Heads share the width evenly.', {
      path: `${path}.heads`,
      value: { heads, width },
      remedy: 'give a divisor of the width',
    })
  }
  const attention = { heads, dropout: attentionDropout }
  const block: TransformerBlockConfig = { width, inner, activation, dropout: rate, attention }
  const names = Array.from({ length: blocks }, (_, i) => `block${i}`)
  const shape = [length, width]
  const waves = sinusoids(length, width)
  const table: Parameter = { name: 'positions', role: 'bias', shape, init: () => waves.slice() }

  return {
    width,
    parameters: [
      ...(kind === 'learned' ? [table] : []),
      ...names.flatMap((name) => transformerBlockParameters(name, block)),
      ...layerNormParameters('norm', width),
    ],
    encode(forward, embedded, visible) {
      const { tf, parameter } = forward
      const [, time = 0] = embedded.shape
      if (time > length) {
        throw new DynotuneError('data.invalid', 'Rows have more tokens than the model has positions.', {
          path: 'tokens',
          value: time,
          remedy: `give at most ${length} a row, or make the model longer`,
        })
      }
      const vectors = kind === 'learned' ? parameter('positions') : tf.tensor(waves, shape)
      // As much as the positions: a table begins with vectors of length one.
      const scaled = tf.mul(embedded, Math.sqrt(width))
      let x = dropout(forward, tf.add(scaled, tf.gather(vectors, positions(tf, visible))), rate)
      const mask = attentionMask(tf, visible, causal)
      for (const name of names) x = transformerBlock(forward, name, x, block, mask)
      return layerNorm(forward, 'norm', x)
    },
  }
}
