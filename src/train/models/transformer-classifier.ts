import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { dense, denseParameters } from '../layers/dense.ts'
import { embeddingParameters } from '../layers/embedding.ts'
import { glorotUniform, normalInit } from '../layers/initializers.ts'
import type { Parameter } from '../parameter.ts'
import { checkOneOf } from './check.ts'
import { inputOf } from './forward.ts'
import type { Model } from './model.ts'
import { countOutputs, type Outputs } from './outputs.ts'
import { type TransformerConfig, transformerEncoder } from './transformer-encoder.ts'
import { visibleTokens } from './visible-tokens.ts'

export type TransformerClassifierConfig = Outputs &
  TransformerConfig & {
    /**
     * What a row is told by: the mean of its tokens, or a token `cls` of its own, put before them (Devlin et al., NAACL 2019).
     * Default `mean`.
     */
    readonly pooling?: 'mean' | 'cls'
  }

/**
 * Classifies texts: `tokens` int32 [rows, length], padded with 0 on either side, which leaves no trace. A stack of pre-norm
 * blocks in which each token sees all others, and a dense layer `head`.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function transformerClassifier(config: TransformerClassifierConfig): Model {
  const { vocabulary, length, pooling = 'mean' } = config
  const outputs = countOutputs('transformerClassifier', config)
  checkOneOf('transformerClassifier.pooling', pooling, ['mean', 'cls'])
  const own = pooling === 'cls' ? 1 : 0
  const encoder = transformerEncoder('transformerClassifier', { ...config, length: length + own }, false)
  const { width } = encoder
  const init = normalInit(1 / Math.sqrt(width))
  const cls: Parameter = { name: 'cls', role: 'bias', shape: [width], init: (random) => init([width], random) }

  return {
    parameters: [
      ...embeddingParameters('embedding', vocabulary, width, 'tokens'),
      ...(own ? [cls] : []),
      ...encoder.parameters,
      ...denseParameters('head', width, outputs, glorotUniform),
    ],
    apply(forward, inputs) {
      const { tf, parameter, embedding } = forward
      const visible = visibleTokens(tf, inputOf(inputs, 'tokens'))
      const embedded = embedding('embedding')
      if (pooling === 'mean')
        return dense(forward, 'head', meanOf(tf, encoder.encode(forward, embedded, visible), visible))
      const [rows = 0] = embedded.shape
      const first = tf.tile(tf.reshape(parameter('cls'), [1, 1, width]), [rows, 1, 1])
      const among = tf.concat([tf.ones([rows, 1]), visible], 1)
      const encoded = encoder.encode(forward, tf.concat([first, embedded], 1), among)
      return dense(forward, 'head', tf.reshape(tf.slice(encoded, [0, 0, 0], [rows, 1, width]), [rows, width]))
    },
  }
}

/** The mean of the tokens that are visible; zero where none is. */
function meanOf(tf: Tf, tokens: Tensor, visible: Tensor): Tensor {
  const counts = tf.maximum(tf.sum(visible, 1, true), 1)
  return tf.div(tf.sum(tf.mul(tokens, tf.expandDims(visible, 2)), 1), counts)
}
