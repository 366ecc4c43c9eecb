import { DynotuneError } from '../../errors.ts'
import type { Model } from './model.ts'

/**
 * The model with the parameters of these names kept as they begin: `freeze(model, /^(?!head\/)/)` trains the head alone. Batch
 * norm whose statistics are frozen normalizes by them while training too, so that frozen layers compute what they did before.
 * @throws DynotuneError `model.invalid` when there are none of these names
 */
export function freeze(model: Model, names: RegExp): Model {
  return withFrozen(model, names, true)
}

/** The model with the parameters of these names trained again. Their learning rate may be lower: `scaleByParameter`. */
export function unfreeze(model: Model, names: RegExp): Model {
  return withFrozen(model, names, false)
}

function withFrozen(model: Model, names: RegExp, frozen: boolean): Model {
  const isNamed = ({ name }: { readonly name: string }) => name.search(names) >= 0
  if (!model.parameters.some(isNamed)) {
    throw new DynotuneError('model.invalid', 'No parameter of the model has such a name.', {
      path: String(names),
      value: model.parameters.map(({ name }) => name),
      remedy: 'give a pattern that some of its names match',
    })
  }
  return { ...model, parameters: model.parameters.map((each) => (isNamed(each) ? { ...each, frozen } : each)) }
}
