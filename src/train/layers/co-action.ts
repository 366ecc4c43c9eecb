import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'

export interface CoActionConfig {
  /** Width of what is fed in. */
  readonly feed: number
  /** Units of each layer of the small networks. */
  readonly units: readonly number[]
  /** Powers of what is fed in, from the first on. */
  readonly orders: number
}

/** Weights of one small network: the width of the table that they are rows of. */
export function coActionWeights(config: CoActionConfig): number {
  return kernelSizes(config).reduce((sum, size) => sum + size, 0)
}

/** Numbers that come out for each field. */
export function coActionOutputs({ units, orders }: CoActionConfig): number {
  return orders * units.reduce((sum, width) => sum + width, 0)
}

/**
 * The co-action unit: each field has the weights of a small network, tanh between its layers and no biases, which is applied
 * to the feeds of all fields and to their powers. What comes out of its layers is summed over the fields fed in, as the
 * paper sums over a user's history. Bian et al., WSDM 2022.
 * @param weights [rows, fields, coActionWeights]
 * @param feeds [rows, fields, feed]
 * @returns [rows, fields · coActionOutputs]
 */
export function coAction({ tf }: Pick<Forward, 'tf'>, weights: Tensor, feeds: Tensor, config: CoActionConfig): Tensor {
  const { feed, units, orders } = config
  const [rows = 0, fields = 0] = feeds.shape
  const powers = [feeds]
  while (powers.length < orders) powers.push(tf.mul(powers.at(-1) ?? feeds, feeds))

  let h = tf.reshape(tf.concat(powers, 1), [rows, 1, orders * fields, feed])
  const outputs = tf.split(weights, kernelSizes(config), 2).map((kernel, layer) => {
    const width = units[layer] ?? 0
    h = tf.matMul(layer > 0 ? tf.tanh(h) : h, tf.reshape(kernel, [rows, fields, units[layer - 1] ?? feed, width]))
    return tf.sum(tf.reshape(h, [rows, fields, orders, fields, width]), 3)
  })
  return tf.reshape(tf.concat(outputs, 3), [rows, fields * coActionOutputs(config)])
}

function kernelSizes({ feed, units }: CoActionConfig): number[] {
  return units.map((width, layer) => (units[layer - 1] ?? feed) * width)
}
