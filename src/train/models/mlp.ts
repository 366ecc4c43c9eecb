import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'
import type { Weight } from '../weights.ts'
import { dropout } from './dropout.ts'
import type { Model } from './model.ts'

export interface MlpConfig {
  /** Features a row. */
  readonly inputs: number
  /** Units of each hidden layer, first to last; none makes a linear classifier. */
  readonly hidden: readonly number[]
  readonly classes: number
  /** Share of hidden units dropped while training, in [0, 1). Default 0. */
  readonly dropout?: number
}

/**
 * A classifier of dense layers with ReLU between them. Parameters: kernel [in, out] and bias [out] of each layer in turn;
 * kernels begin normal with variance 2 / in (He et al., ICCV 2015, eq. 10), biases at zero.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function mlp(config: MlpConfig): Model {
  const { inputs, hidden, classes, dropout: rate = 0 } = config
  const widths = [inputs, ...hidden, classes]
  if (!widths.every((width) => Number.isInteger(width) && width > 0)) {
    throw new DynotuneError('model.invalid', 'Layers need a positive whole number of units.', {
      path: 'mlp',
      value: widths,
    })
  }
  if (!(rate >= 0 && rate < 1)) {
    throw new DynotuneError('model.invalid', 'Dropout is a share in [0, 1).', { path: 'mlp.dropout', value: rate })
  }

  return {
    init: (random) => hidden.concat(classes).flatMap((width, layer) => denseWeights(widths[layer] ?? 0, width, random)),
    apply(tf, params, x, random) {
      let h = x
      for (let layer = 0; layer <= hidden.length; layer++) {
        if (layer > 0) h = tf.relu(h)
        if (layer > 0 && random) h = dropout(tf, h, rate, random)
        const { kernel, bias } = layerOf(params, layer)
        h = tf.add(tf.matMul(h, kernel), bias)
      }
      return h
    },
  }
}

function denseWeights(inputs: number, units: number, random: Random): Weight[] {
  const scale = Math.sqrt(2 / inputs)
  return [
    { shape: [inputs, units], values: Float32Array.from({ length: inputs * units }, () => scale * random.normal()) },
    { shape: [units], values: new Float32Array(units) },
  ]
}

function layerOf(params: readonly Tensor[], layer: number): { kernel: Tensor2D; bias: Tensor } {
  const kernel = params[2 * layer]
  const bias = params[2 * layer + 1]
  if (!kernel || !bias || !isMatrix(kernel)) {
    throw new DynotuneError('model.invalid', `The parameters of layer ${layer} are missing or of another model.`)
  }
  return { kernel, bias }
}

function isMatrix(tensor: Tensor): tensor is Tensor2D {
  return tensor.rank === 2
}
