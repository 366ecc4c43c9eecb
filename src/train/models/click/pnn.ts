import type { Tensor } from '@tensorflow/tfjs-core'
import { innerProducts } from '../../layers/inner-products.ts'
import type { Forward, Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deepConfig, deepLogit } from './deep.ts'
import { fieldVectors } from './field-vectors.ts'
import { flatten } from './inputs.ts'
import { pairsOf, validate } from './validate.ts'

export const PRODUCTS = ['inner', 'outer', 'both'] as const

export interface PnnConfig extends ClickMlpConfig {
  /** Which products of vectors there are: IPNN, OPNN or PNN*. Default `inner`. */
  readonly products?: (typeof PRODUCTS)[number]
}

/**
 * Product-based neural network: dense layers on the vectors and on their products. Inner ones are of each pair; the outer one
 * is that of the sum of all vectors with itself, which is the sum of the outer products of all pairs.
 * Qu et al., ICDM 2016, section III.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function pnn(config: PnnConfig, data: ClickData): Model {
  const { embedding, products = 'inner' } = config
  const layers = deepConfig('pnn', config)
  validate('pnn', { embedding, products }, data, { products: PRODUCTS })
  const vectors = fieldVectors(embedding, data)
  const inner = products === 'outer' ? 0 : pairsOf('pnn', vectors.count)
  const outer = products === 'inner' ? 0 : embedding * embedding
  const top = deepLogit('hidden', vectors.count * embedding + inner + outer, layers)
  return {
    parameters: [...vectors.parameters, ...top.parameters],
    apply(forward, inputs) {
      const v = vectors.apply(forward, inputs)
      const joined = [
        flatten(forward, v),
        ...(inner > 0 ? [innerProducts(forward, v)] : []),
        ...(outer > 0 ? [outerProduct(forward, v)] : []),
      ]
      return top.apply(forward, forward.tf.concat(joined, 1))
    },
  }
}

/** [rows, fields, width] to [rows, width²]. */
function outerProduct(forward: Forward, vectors: Tensor): Tensor {
  const { tf } = forward
  const sum = tf.sum(vectors, 1)
  return flatten(forward, tf.mul(tf.expandDims(sum, 2), tf.expandDims(sum, 1)))
}
