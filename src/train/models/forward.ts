import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import type { Forward, Inputs, Model } from './model.ts'

export interface ForwardOptions {
  /** Given to train. */
  readonly random?: Random
  /** Called with every statistic's next value. It must be kept (`tf.keep`) to outlive a tidy. */
  onUpdate?(name: string, value: Tensor): void
  /** Called with activations that the model shows. */
  onObserve?(name: string, activation: Tensor): void
  /** Stands in for tables and their ids: rows that were gathered before, and where each id lies among them. */
  readonly rows?: ReadonlyMap<string, Rows>
}

export interface Rows {
  /** [touched rows, width] */
  readonly values: Tensor
  /** Row of `values` for each id, int32, of the shape of the ids. */
  readonly places: Tensor
}

/** What `model.apply` takes, over tensors in the order of `model.parameters`. */
export function forward(
  tf: Tf,
  model: Model,
  params: readonly Tensor[],
  inputs: Inputs,
  { random, onUpdate, onObserve, rows }: ForwardOptions = {},
): Forward {
  const places = placesOf(model)

  function parameter(name: string): Tensor {
    const tensor = params[places.get(name) ?? -1]
    if (tensor) return tensor
    throw new DynotuneError('model.invalid', `There is no parameter ${name}.`, {
      path: name,
      value: [...places.keys()],
      remedy: 'give one tensor for each of the parameters of the model',
    })
  }

  return {
    tf,
    parameter,
    embedding(name) {
      const gathered = rows?.get(name)
      if (gathered) return tf.gather(gathered.values, gathered.places)
      const input = model.parameters[places.get(name) ?? -1]?.input ?? ''
      return tf.gather(parameter(name), inputOf(inputs, input))
    },
    ...(random && { random }),
    isFrozen: (name) => model.parameters[places.get(name) ?? -1]?.frozen ?? false,
    update: (name, value) => onUpdate?.(name, value),
    observe: (name, activation) => onObserve?.(name, activation),
  }
}

/** The input of this name. */
export function inputOf(inputs: Inputs, name: string): Tensor {
  const tensor = inputs[name]
  if (tensor) return tensor
  throw new DynotuneError('data.invalid', `The data have no input "${name}", which the model takes.`, {
    path: name,
    value: Object.keys(inputs),
  })
}

/** Models are asked for at every step: where their parameters lie is worked out once. */
const places = new WeakMap<Model, ReadonlyMap<string, number>>()

function placesOf(model: Model): ReadonlyMap<string, number> {
  const known = places.get(model) ?? new Map(model.parameters.map(({ name }, i) => [name, i]))
  places.set(model, known)
  return known
}
