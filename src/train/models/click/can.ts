import { type CoActionConfig, coAction, coActionOutputs, coActionWeights } from '../../layers/co-action.ts'
import type { Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deepConfig, deepLogit } from './deep.ts'
import { flatInput } from './flat-input.ts'
import { lookUp, tableParameters, vectorInit } from './inputs.ts'
import { checkWidths, pairsOf, validate } from './validate.ts'

export interface CanConfig extends ClickMlpConfig, CoActionConfig {}

/**
 * Co-Action Network: dense layers on the embeddings, the numeric features and the co-actions of all fields. What is fed into
 * the small networks, and their weights, are tables of their own. Bian et al., WSDM 2022.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function can(config: CanConfig, data: ClickData): Model {
  const { embedding, feed, units, orders } = config
  const { fields = 0, vocabulary = 0 } = data
  const layers = deepConfig('can', config)
  validate('can', { embedding, feed, orders }, data)
  checkWidths('can.units', units, 1)
  pairsOf('can', fields)
  const input = flatInput(embedding, data)
  const top = deepLogit('hidden', input.width + fields * coActionOutputs(config), layers)
  return {
    parameters: [
      ...input.parameters,
      ...tableParameters('coAction/weights', vocabulary, coActionWeights(config), vectorInit),
      ...tableParameters('coAction/feed', vocabulary, feed, vectorInit),
      ...top.parameters,
    ],
    apply(forward, inputs) {
      const weights = lookUp(forward, 'coAction/weights', fields)
      const feeds = lookUp(forward, 'coAction/feed', fields)
      const joined = [input.apply(forward, inputs), coAction(forward, weights, feeds, config)]
      return top.apply(forward, forward.tf.concat(joined, 1))
    },
  }
}
