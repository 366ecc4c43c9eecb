import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { glorotNormal } from './initializers.ts'
import { kernel } from './parameters.ts'

export interface InteractingConfig {
  readonly heads: number
  /** Of each head: the output is as wide as all of them. */
  readonly headWidth: number
  /** Whether a projection of the input is added. */
  readonly residual: boolean
}

/** Kernels [inputs, heads · headWidth]: `query`, `key`, `value`, and `residual` where there is one. */
export function interactingParameters(
  name: string,
  inputs: number,
  { heads, headWidth, residual }: InteractingConfig,
): Parameter[] {
  return ['query', 'key', 'value', ...(residual ? ['residual'] : [])].map((projection) =>
    kernel(`${name}/${projection}`, [inputs, heads * headWidth], glorotNormal),
  )
}

/**
 * The layer of AutoInt, where every field attends to all fields: relu(softmax(Q Kᵀ) V of each head, side by side, + x W).
 * There are no biases, and scores are not scaled. Song et al., CIKM 2019, eq. 5 to 8.
 * @param x [rows, fields, inputs]
 * @returns [rows, fields, heads · headWidth]
 */
export function interacting(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x: Tensor,
  { heads, headWidth, residual }: InteractingConfig,
): Tensor {
  const [rows = 0, fields = 0, inputs = 0] = x.shape
  const flat = tf.reshape(x, [rows * fields, inputs])
  const project = (projection: string) => tf.matMul(flat, parameter(`${name}/${projection}`))
  const byHead = (projection: string) =>
    tf.transpose(tf.reshape(project(projection), [rows, fields, heads, headWidth]), [0, 2, 1, 3])

  const attention = tf.softmax(tf.matMul(byHead('query'), byHead('key'), false, true))
  const attended = tf.transpose(tf.matMul(attention, byHead('value')), [0, 2, 1, 3])
  const joined = tf.reshape(attended, [rows * fields, heads * headWidth])
  const y = tf.relu(residual ? tf.add(joined, project('residual')) : joined)
  return tf.reshape(y, [rows, fields, heads * headWidth])
}
