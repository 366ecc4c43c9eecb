import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Random } from '../numerics/random.ts'
import { sizeOf } from '../numerics/size-of.ts'
import type { Tf } from '../study/engine.ts'
import type { Model } from './models/model.ts'

/** One parameter of a model as plain data: what checkpoints hold, and the same start for every engine. */
export interface Weight {
  readonly name: string
  readonly shape: number[]
  /** Row-major. */
  readonly values: Float32Array
}

/** Fresh weights. Each parameter draws from a stream of its own, so that changing one layer leaves the others' start. */
export function initialWeights(model: Model, random: (purpose: string) => Random): Weight[] {
  return model.parameters.map(({ name, shape, init }) => ({
    name,
    shape: [...shape],
    values: init(random(`weights/${name}`)),
  }))
}

/** Tensors of these values. The caller disposes them. */
export function toTensors(tf: Tf, weights: readonly Omit<Weight, 'name'>[]): Tensor[] {
  return weights.map(({ shape, values }) => tf.tensor(values, shape, 'float32'))
}

/** Reads the parameters of a model back, waiting for the device. */
export function readWeights(model: Model, tensors: readonly Tensor[]): Promise<Weight[]> {
  return Promise.all(
    tensors.map(async (tensor, i) => ({
      name: model.parameters[i]?.name ?? String(i),
      shape: [...tensor.shape],
      values: Float32Array.from(await tensor.data()),
    })),
  )
}

/**
 * Weights from what a checkpoint held.
 * @throws DynotuneError `model.invalid` when it is something else
 */
export function parseWeights(state: unknown): Weight[] {
  if (Array.isArray(state) && state.every(isWeight)) return state
  throw new DynotuneError('model.invalid', 'The saved state is not a list of weights.', {
    remedy: 'load a checkpoint that the same model saved',
  })
}

/**
 * Makes sure that weights are of a model: the names and shapes of its parameters, in their order.
 * @throws DynotuneError `model.invalid`
 */
export function checkWeights({ parameters }: Model, weights: readonly Weight[]): void {
  const described = (all: readonly { readonly name: string; readonly shape: readonly number[] }[]) =>
    all.map(({ name, shape }) => `${name} [${shape}]`)
  const [expected, found] = [described(parameters), described(weights)]
  const different = expected.findIndex((each, i) => each !== found[i])
  if (different < 0 && expected.length === found.length) return
  throw new DynotuneError('model.invalid', 'The saved weights are of another model.', {
    path: expected[different] ?? found[expected.length] ?? 'weights',
    value: found[different] ?? found[expected.length],
    remedy: 'make the model as it was made where they were saved',
  })
}

function isWeight(value: unknown): value is Weight {
  if (typeof value !== 'object' || value === null || !('shape' in value) || !('values' in value)) return false
  if (!('name' in value) || typeof value.name !== 'string') return false
  const { shape, values } = value
  if (!Array.isArray(shape) || !shape.every(Number.isInteger) || !(values instanceof Float32Array)) return false
  return values.length === sizeOf(shape)
}
