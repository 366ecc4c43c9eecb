import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { onesInit, zerosInit } from './initializers.ts'

/** `name/scale` and `name/offset` of each unit. */
export function layerNormParameters(name: string, units: number): Parameter[] {
  const shape = [units]
  return [
    { name: `${name}/scale`, role: 'scale', shape, init: () => onesInit(shape) },
    { name: `${name}/offset`, role: 'scale', shape, init: () => zerosInit(shape) },
  ]
}

/**
 * Each vector along the last axis normalized by its mean and variance, then scaled and shifted. Ba et al., arXiv 1607.06450,
 * eq. 3. Agrees with `torch.nn.LayerNorm`.
 * @param epsilon added to the variance
 */
export function layerNorm(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x: Tensor,
  epsilon = 1e-5,
): Tensor {
  const centered = tf.sub(x, tf.mean(x, -1, true))
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), epsilon))
  return tf.add(tf.mul(tf.mul(centered, inverse), parameter(`${name}/scale`)), parameter(`${name}/offset`))
}
