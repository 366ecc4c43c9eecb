import { factorization } from '../../layers/factorization.ts'
import type { Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deepConfig, deepLogit } from './deep.ts'
import { fieldVectors } from './field-vectors.ts'
import { firstOrder } from './first-order.ts'
import { flatten } from './inputs.ts'
import { validate } from './validate.ts'

/**
 * DeepFM: a factorization machine and dense layers on the same vectors, whose logits are added. Guo et al., IJCAI 2017, eq. 1.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function deepFm(config: ClickMlpConfig, data: ClickData): Model {
  const { embedding } = config
  const layers = deepConfig('deepFm', config)
  validate('deepFm', { embedding }, data)
  const linear = firstOrder(data)
  const vectors = fieldVectors(embedding, data)
  const top = deepLogit('hidden', vectors.count * embedding, layers)
  return {
    parameters: [...linear.parameters, ...vectors.parameters, ...top.parameters],
    apply(forward, inputs) {
      const v = vectors.apply(forward, inputs)
      const machine = forward.tf.add(linear.apply(forward, inputs), factorization(forward, v))
      return forward.tf.add(machine, top.apply(forward, flatten(forward, v)))
    },
  }
}
