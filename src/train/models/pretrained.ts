import { DynotuneError } from '../../errors.ts'
import type { Parameter } from '../parameter.ts'
import type { Weight } from '../weights.ts'
import type { Model } from './model.ts'

export interface PretrainedOptions {
  /** Names of parameters that begin as the model has them, such as those of a new head: `/^head\//`. Default: none. */
  readonly fresh?: RegExp
  /** Names of saved weights that no parameter takes. Default: none. */
  readonly unused?: RegExp
}

/**
 * The model, beginning with weights that were saved before, by name: for more training, or for another task with a head of
 * its own.
 * @throws DynotuneError `model.invalid` when a parameter has no weight, a weight of another shape, or a weight no parameter
 */
export function pretrained(model: Model, saved: readonly Weight[], { fresh, unused }: PretrainedOptions = {}): Model {
  const weights = new Map(saved.map((weight) => [weight.name, weight]))
  const names = new Set(model.parameters.map(({ name }) => name))
  for (const { name, shape } of saved) {
    if (names.has(name) || matches(name, unused)) continue
    throw new DynotuneError('model.invalid', 'The model has no parameter for a weight that was saved.', {
      path: name,
      value: shape,
      remedy: 'name it in `unused` if that is meant',
    })
  }

  function start(parameter: Parameter): Parameter {
    const { name, shape } = parameter
    if (matches(name, fresh)) return parameter
    const weight = weights.get(name)
    if (weight?.shape.join() === shape.join()) return { ...parameter, init: () => weight.values.slice() }
    throw new DynotuneError('model.invalid', `No weight of shape [${shape}] was saved for this parameter.`, {
      path: name,
      value: weight?.shape,
      remedy: 'make the model as it was saved, or name the parameter in `fresh`',
    })
  }

  return { ...model, parameters: model.parameters.map(start) }
}

function matches(name: string, pattern: RegExp | undefined): boolean {
  return pattern !== undefined && name.search(pattern) >= 0
}
