import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../errors.ts'
import type { Tf } from '../study/engine.ts'

/** One parameter of a model as plain data: what checkpoints hold, and the same start for every engine. */
export interface Weight {
  readonly shape: number[]
  /** Row-major. */
  readonly values: Float32Array
}

/** Tensors of these values. The caller disposes them. */
export function toTensors(tf: Tf, weights: readonly Weight[]): Tensor[] {
  return weights.map(({ shape, values }) => tf.tensor(values, shape, 'float32'))
}

/** Reads tensors back, waiting for the device. */
export function readWeights(tensors: readonly Tensor[]): Promise<Weight[]> {
  return Promise.all(
    tensors.map(async (tensor) => ({ shape: [...tensor.shape], values: Float32Array.from(await tensor.data()) })),
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

function isWeight(value: unknown): value is Weight {
  if (typeof value !== 'object' || value === null || !('shape' in value) || !('values' in value)) return false
  const { shape, values } = value
  if (!Array.isArray(shape) || !shape.every(Number.isInteger) || !(values instanceof Float32Array)) return false
  return values.length === shape.reduce((size, n) => size * n, 1)
}
