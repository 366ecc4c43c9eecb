import { zerosInit } from '../../layers/initializers.ts'
import { bias, kernel } from '../../layers/parameters.ts'
import { featuresOf } from '../features.ts'
import type { Inputs } from '../model.ts'
import type { ClickData } from './data.ts'
import { lookUp, tableParameters } from './inputs.ts'
import type { Part } from './part.ts'

const NAME = 'firstOrder'

/**
 * A weight for each numeric feature and each id, and a bias: w₀ + Σ wᵢ xᵢ, [rows, 1]. The weights of ids are a table of
 * width one. All begin at zero.
 */
export function firstOrder({ features = 0, fields = 0, vocabulary = 0 }: ClickData): Part<Inputs> {
  return {
    parameters: [
      ...(features > 0 ? [kernel(`${NAME}/kernel`, [features, 1], zerosInit)] : []),
      ...(fields > 0 ? tableParameters(`${NAME}/table`, vocabulary, 1, zerosInit) : []),
      bias(`${NAME}/bias`, [1]),
    ],
    apply(forward, inputs) {
      const { tf, parameter } = forward
      let logits = parameter(`${NAME}/bias`)
      if (features > 0)
        logits = tf.add(tf.matMul(featuresOf(tf, inputs, [features]), parameter(`${NAME}/kernel`)), logits)
      if (fields > 0) logits = tf.add(tf.sum(lookUp(forward, `${NAME}/table`, fields), 1), logits)
      return logits
    },
  }
}
