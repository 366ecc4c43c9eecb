import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import type { Forward } from '../models/model.ts'
import type { InitializerName } from './initializers.ts'

/** By the names under which spaces offer them. */
export const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'leakyRelu', 'gelu'] as const
export type Activation = (typeof ACTIVATIONS)[number]

/** A nonlinearity, element by element, shown to probes under the name of the layer that it ends. */
export function activate(
  { tf, observe }: Pick<Forward, 'tf' | 'observe'>,
  name: string,
  x: Tensor,
  activation: Activation,
) {
  const y = FUNCTIONS[activation](tf, x)
  observe(name, y)
  return y
}

/** The start that keeps the variance from layer to layer under this activation. */
export function initializerOf(activation: Activation): InitializerName {
  return activation === 'sigmoid' || activation === 'tanh' ? 'glorotUniform' : 'heNormal'
}

const FUNCTIONS: Record<Activation, (tf: Tf, x: Tensor) => Tensor> = {
  sigmoid: (tf, x) => tf.sigmoid(x),
  tanh: (tf, x) => tf.tanh(x),
  relu: (tf, x) => tf.relu(x),
  /** A hundredth of what is negative gets through. Maas et al., ICML 2013. */
  leakyRelu: (tf, x) => tf.leakyRelu(x, 0.01),
  /** x Φ(x), by erf rather than its approximation by tanh. Hendrycks and Gimpel, arXiv 1606.08415. */
  gelu: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
}
