import type { Model } from '../model.ts'
import type { ClickMlpConfig } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { deepConfig, deepLogit } from './deep.ts'
import { firstOrder } from './first-order.ts'
import { flatInput } from './flat-input.ts'
import { validate } from './validate.ts'

/**
 * Wide & Deep: a linear model and dense layers on the embeddings, whose logits are added. Cheng et al., DLRS 2016, eq. 3.
 * The paper's wide part has crosses made by hand too; here they are features of the data, if at all.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function wideAndDeep(config: ClickMlpConfig, data: ClickData): Model {
  const { embedding } = config
  const layers = deepConfig('wideAndDeep', config)
  validate('wideAndDeep', { embedding }, data)
  const wide = firstOrder(data)
  const input = flatInput(embedding, data)
  const top = deepLogit('hidden', input.width, layers)
  return {
    parameters: [...wide.parameters, ...input.parameters, ...top.parameters],
    apply: (forward, inputs) =>
      forward.tf.add(wide.apply(forward, inputs), top.apply(forward, input.apply(forward, inputs))),
  }
}
