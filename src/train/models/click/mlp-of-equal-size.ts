import { DynotuneError } from '../../../errors.ts'
import { countParameters } from '../count-parameters.ts'
import type { Model } from '../model.ts'
import { type ClickMlpConfig, clickMlp } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { validate } from './validate.ts'

/** Of the network that is made. Its embeddings are as wide as the other model's if what is above them is to be compared. */
export interface EqualSizeConfig extends Omit<ClickMlpConfig, 'hidden'> {
  /** Hidden layers, all as wide as each other. */
  readonly depth: number
}

/**
 * The plain network whose number of parameters, embeddings among them, is nearest to another model's: what a cross network
 * has to beat.
 * @throws DynotuneError `model.invalid`, with the path to the field, or where even one unit a layer is more
 */
export function mlpOfEqualSize(model: Model, config: EqualSizeConfig, data: ClickData): Model {
  const { depth } = config
  validate('mlpOfEqualSize', { depth }, data)
  const target = countParameters(model)
  const ofWidth = (width: number) => clickMlp({ ...config, hidden: Array.from({ length: depth }, () => width) }, data)
  const sizeOf = (width: number) => countParameters(ofWidth(width))
  if (sizeOf(1) > target) {
    throw new DynotuneError('model.invalid', `No network of ${depth} hidden layers has as few parameters as that.`, {
      path: 'mlpOfEqualSize.depth',
      value: { depth, parameters: target },
      remedy: 'take fewer layers, or narrower embeddings',
    })
  }
  let high = 2
  while (sizeOf(high) < target) high *= 2
  let low = high / 2
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (sizeOf(middle) < target) low = middle
    else high = middle
  }
  return ofWidth(target - sizeOf(low) <= sizeOf(high) - target ? low : high)
}
