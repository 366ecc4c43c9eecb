import type { Model } from '../model.ts'
import type { ClickData } from './data.ts'
import { type DeepConfig, deepConfig, deepLogit } from './deep.ts'
import { flatInput } from './flat-input.ts'
import { validate } from './validate.ts'

export interface ClickMlpConfig extends DeepConfig {
  /** Width of the embeddings. */
  readonly embedding: number
}

/**
 * Dense layers on the embeddings and the numeric features: interactions are left for the layers to find.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function clickMlp(config: ClickMlpConfig, data: ClickData): Model {
  const { embedding } = config
  const layers = deepConfig('clickMlp', config)
  validate('clickMlp', { embedding }, data)
  const input = flatInput(embedding, data)
  const top = deepLogit('hidden', input.width, layers)
  return {
    parameters: [...input.parameters, ...top.parameters],
    apply: (forward, inputs) => top.apply(forward, input.apply(forward, inputs)),
  }
}
