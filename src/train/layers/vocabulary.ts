import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { dense, denseParameters } from './dense.ts'
import { embeddingParameters } from './embedding.ts'
import { glorotUniform, zerosInit } from './initializers.ts'

export interface VocabularyConfig {
  /** Ids of tokens are integers in [0, vocabulary). */
  readonly vocabulary: number
  /** Numbers a token. */
  readonly width: number
  /** Whether tokens are read and predicted by one table. Press and Wolf, EACL 2017. */
  readonly tied: boolean
}

/**
 * The table `embedding` [vocabulary, width] and a dense layer `head` [states, vocabulary]; tied, of the head only the bias.
 * A tied table is a kernel, since every step touches all of its rows.
 */
export function vocabularyParameters({ vocabulary, width, tied }: VocabularyConfig, states: number): Parameter[] {
  const [table] = embeddingParameters('embedding', vocabulary, width, 'tokens')
  if (!table) return []
  if (!tied) return [table, ...denseParameters('head', states, vocabulary, glorotUniform)]
  const { name, shape, init } = table
  return [
    { name, role: 'kernel', shape, init },
    { name: 'head/bias', role: 'bias', shape: [vocabulary], init: () => zerosInit([vocabulary]) },
  ]
}

/** Vectors of the input `tokens`: int32 [rows, length] to [rows, length, width]. */
export function embedTokens({ tf, parameter, embedding }: Forward, tokens: Tensor, tied: boolean): Tensor {
  return tied ? tf.gather(parameter('embedding'), tokens) : embedding('embedding')
}

/** Logits of the tokens to come: [..., states] to [..., vocabulary]. */
export function predictTokens(forward: Forward, states: Tensor, tied: boolean): Tensor {
  if (!tied) return dense(forward, 'head', states)
  const { tf, parameter } = forward
  const table = parameter('embedding')
  const [vocabulary = 0, width = 0] = table.shape
  const logits = tf.matMul(tf.reshape(states, [-1, width]), table, false, true)
  return tf.reshape(tf.add(logits, parameter('head/bias')), [...states.shape.slice(0, -1), vocabulary])
}
