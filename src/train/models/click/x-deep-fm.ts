import type { Tensor } from '@tensorflow/tfjs-core'
import { compressedInteraction, compressedInteractionParameters } from '../../layers/compressed-interaction.ts'
import { dense, denseParameters } from '../../layers/dense.ts'
import { glorotUniform } from '../../layers/initializers.ts'
import type { Forward, Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deepConfig, deepLogit } from './deep.ts'
import { fieldVectors } from './field-vectors.ts'
import { firstOrder } from './first-order.ts'
import { flatten } from './inputs.ts'
import type { Part } from './part.ts'
import { checkWidths, validate } from './validate.ts'

export interface XDeepFmConfig extends ClickMlpConfig {
  /** Maps of each layer of the compressed interaction network, first to last. */
  readonly maps: readonly number[]
}

/**
 * xDeepFM: a linear model, a compressed interaction network and dense layers on the same vectors, whose logits are added.
 * The layers of the network are linear and all of their maps go on, the paper's identity activation and direct connection.
 * Lian et al., KDD 2018, eq. 9.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function xDeepFm(config: XDeepFmConfig, data: ClickData): Model {
  const { embedding, maps } = config
  const layers = deepConfig('xDeepFm', config)
  validate('xDeepFm', { embedding }, data)
  checkWidths('xDeepFm.maps', maps, 1)
  const linear = firstOrder(data)
  const vectors = fieldVectors(embedding, data)
  const network = interactionNetwork(vectors.count, maps)
  const top = deepLogit('hidden', vectors.count * embedding, layers)
  return {
    parameters: [...linear.parameters, ...vectors.parameters, ...network.parameters, ...top.parameters],
    apply(forward, inputs) {
      const v = vectors.apply(forward, inputs)
      const shallow = forward.tf.add(linear.apply(forward, inputs), network.apply(forward, v))
      return forward.tf.add(shallow, top.apply(forward, flatten(forward, v)))
    },
  }
}

/** The logit of the maps of all layers, each summed over its width. [rows, fields, width] to [rows, 1] */
function interactionNetwork(fields: number, maps: readonly number[]): Part<Tensor> {
  const before = [fields, ...maps]
  const total = maps.reduce((sum, count) => sum + count, 0)
  return {
    parameters: [
      ...maps.flatMap((count, layer) =>
        compressedInteractionParameters(`interaction${layer}`, before[layer] ?? 0, fields, count),
      ),
      ...denseParameters('interactions', total, 1, glorotUniform),
    ],
    apply(forward: Forward, vectors: Tensor) {
      const { tf } = forward
      const [rows = 0, , width = 0] = vectors.shape
      const x0 = tf.reshape(tf.transpose(vectors, [0, 2, 1]), [rows * width, fields])
      let x = x0
      const pooled = maps.map((count, layer) => {
        x = compressedInteraction(forward, `interaction${layer}`, x0, x)
        return tf.sum(tf.reshape(x, [rows, width, count]), 1)
      })
      return dense(forward, 'interactions', tf.concat(pooled, 1))
    },
  }
}
