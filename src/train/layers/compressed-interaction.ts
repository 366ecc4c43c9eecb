import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { lecunNormal } from './initializers.ts'
import { kernel } from './parameters.ts'

/** Kernel [before · fields, maps] of a layer that gets `before` maps. */
export function compressedInteractionParameters(
  name: string,
  before: number,
  fields: number,
  maps: number,
): Parameter[] {
  return [kernel(`${name}/kernel`, [before * fields, maps], lecunNormal)]
}

/**
 * A layer of the compressed interaction network: its map h is Σᵢⱼ Wʰᵢⱼ xᵢ ⊙ x₀ⱼ, over the maps x of the layer before and the
 * fields x₀. Lian et al., KDD 2018, eq. 6.
 * @param x0 [rows · width, fields]: fields last, so that one product of two axes mixes all pairs
 * @param x [rows · width, before]
 * @returns [rows · width, maps]
 */
export function compressedInteraction(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x0: Tensor,
  x: Tensor,
): Tensor {
  const weights = parameter(`${name}/kernel`)
  const pairs = tf.mul(tf.expandDims(x, 2), tf.expandDims(x0, 1))
  return tf.matMul(tf.reshape(pairs, [-1, weights.shape[0] ?? 0]), weights)
}
