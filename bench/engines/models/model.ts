import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { Random } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import type { Weight } from '../../../src/train/weights.ts'

/** A model that the benchmark trains: the very one of `peers/torch_steps.py`, parameter for parameter. */
export interface Model {
  /** Multiplications and additions of matrix products and convolutions in one example's forward pass. */
  readonly flops: number
  /** Dropout layers: the share that each zeroes, and its units an example. */
  readonly dropouts: readonly Dropout[]
  init(random: Random): Start[]
  /** Made-up training data: what a step costs does not depend on it. */
  examples(rows: number, random: Random): Examples
  /** Mean loss of a batch. `params` are tensors in the order of `init`. */
  loss(tf: Tf, params: readonly Tensor[], batch: Batch): Scalar
}

/** One parameter as it begins. */
export type Start = Omit<Weight, 'name'>

export interface Dropout {
  readonly rate: number
  readonly units: number
}

export interface Examples {
  readonly inputs: Values
  readonly targets: Values
}

/** A tensor as plain data, row-major, an example a row. */
export interface Values {
  readonly shape: number[]
  readonly dtype: 'float32' | 'int32'
  readonly values: Float32Array | Int32Array
}

/** Some of the examples, on the device. */
export interface Batch {
  readonly inputs: Tensor
  readonly targets: Tensor
  /** For each dropout layer [batch, units], zero where a unit is dropped and 1 / (1 - rate) elsewhere. */
  readonly masks: readonly Tensor[]
}

/** Hands out a list of tensors one after the other; a model knows how many it has. */
export function inTurn(tensors: readonly Tensor[]): () => Tensor {
  let next = 0
  return () => {
    const tensor = tensors[next++]
    if (!tensor) throw new RangeError(`The model has more than ${tensors.length} of these tensors.`)
    return tensor
  }
}
