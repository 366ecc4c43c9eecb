import { innerProducts } from '../../layers/inner-products.ts'
import { featuresOf } from '../features.ts'
import type { Model } from '../model.ts'
import type { ClickData } from './data.ts'
import { type DeepConfig, deep, deepConfig, deepLogit } from './deep.ts'
import { fieldVectors } from './field-vectors.ts'
import { pairsOf, validate } from './validate.ts'

export interface DlrmConfig extends Omit<DeepConfig, 'hidden'> {
  /** Width of the embeddings. */
  readonly embedding: number
  /** Units of the hidden layers below the products, on the numeric features; one of the embeddings' width follows. */
  readonly bottom: readonly number[]
  /** Units of the hidden layers above the products. */
  readonly top: readonly number[]
}

/**
 * DLRM: dense layers make one vector of all numeric features; the inner products of all pairs of it and the embeddings, and
 * that vector itself, go into further dense layers. Naumov et al., arXiv 1906.00091, section 2.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function dlrm(config: DlrmConfig, data: ClickData): Model {
  const { embedding } = config
  const { features = 0, fields = 0 } = data
  validate('dlrm', { embedding }, data)
  const bottom = deepConfig('dlrm', { ...config, hidden: config.bottom }, 'bottom')
  const top = deepConfig('dlrm', { ...config, hidden: config.top }, 'top')
  const ids = fieldVectors(embedding, { ...data, features: 0 })
  const below = deep('bottom', features, { ...bottom, hidden: features > 0 ? [...bottom.hidden, embedding] : [] })
  const pairs = pairsOf('dlrm', fields + (features > 0 ? 1 : 0))
  const above = deepLogit('top', pairs + (features > 0 ? embedding : 0), top)
  return {
    parameters: [...below.parameters, ...ids.parameters, ...above.parameters],
    apply(forward, inputs) {
      const { tf } = forward
      const vectors = ids.apply(forward, inputs)
      if (features === 0) return above.apply(forward, innerProducts(forward, vectors))
      const numeric = below.apply(forward, featuresOf(tf, inputs, [features]))
      const all = tf.concat([tf.expandDims(numeric, 1), vectors], 1)
      return above.apply(forward, tf.concat([numeric, innerProducts(forward, all)], 1))
    },
  }
}
