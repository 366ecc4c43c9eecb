import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { heNormal, type Initializer, zerosInit } from './initializers.ts'

export interface Conv2dConfig {
  /** Channels in and out. */
  readonly inputs: number
  readonly outputs: number
  /** Height and width of the window. Default 3. */
  readonly size?: number
  /** Default 1. */
  readonly strides?: number
  /** `same`: the image keeps its size, but for strides. Default `same`. */
  readonly padding?: 'same' | 'valid'
  /** Default true. False where a norm follows, which takes any shift out again. */
  readonly bias?: boolean
  readonly init?: Initializer
}

/** Kernel [size, size, inputs, outputs], named `name/kernel`, and bias [outputs], `name/bias`. */
export function conv2dParameters(name: string, config: Conv2dConfig): Parameter[] {
  const { inputs, outputs, size = 3, bias = true, init = heNormal } = config
  const shape = [size, size, inputs, outputs]
  const kernel: Parameter = { name: `${name}/kernel`, role: 'kernel', shape, init: (random) => init(shape, random) }
  if (!bias) return [kernel]
  return [kernel, { name: `${name}/bias`, role: 'bias', shape: [outputs], init: () => zerosInit([outputs]) }]
}

/** Convolution of images [rows, height, width, inputs] to [rows, height, width, outputs]. */
export function conv2d(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x: Tensor,
  { inputs, outputs, size = 3, strides = 1, padding = 'same', bias = true }: Conv2dConfig,
): Tensor {
  const [rows = 0, height = 0, width = 0] = x.shape
  const kernel = parameter(`${name}/kernel`).as4D(size, size, inputs, outputs)
  const y = tf.conv2d(x.as4D(rows, height, width, inputs), kernel, strides, padding)
  return bias ? tf.add(y, parameter(`${name}/bias`)) : y
}
