import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { glorotUniform, orthogonal, zerosInit } from './initializers.ts'
import { lstmSteps } from './lstm-steps.ts'

/** Far enough for a sigmoid to be 0 in float32, gradient included. */
const SHUT = -1e9

/**
 * `name/kernel` [inputs, 4 units], `name/recurrent` [units, 4 units] and `name/bias` [4 units], with the gates side by side:
 * input, forget, output, cell. The recurrent kernel begins orthogonal, the forget gate open by a bias of one (Jozefowicz
 * et al., ICML 2015).
 */
export function lstmParameters(name: string, inputs: number, units: number): Parameter[] {
  const [kernel, recurrent] = [
    [inputs, 4 * units],
    [units, 4 * units],
  ]
  return [
    { name: `${name}/kernel`, role: 'kernel', shape: kernel, init: (random) => glorotUniform(kernel, random) },
    { name: `${name}/recurrent`, role: 'kernel', shape: recurrent, init: (random) => orthogonal(recurrent, random) },
    {
      name: `${name}/bias`,
      role: 'bias',
      shape: [4 * units],
      init: () => zerosInit([4 * units]).fill(1, units, 2 * units),
    },
  ]
}

/**
 * The states of a long short-term memory after each step. Hochreiter and Schmidhuber 1997, with the forget gate of Gers et
 * al. 2000. Agrees with `torch.nn.LSTM`, whose output gate comes last.
 * @param x [rows, time, inputs]
 * @param started [rows, time], 1 from where a sequence begins and 0 before: there memory and state stay zero
 * @returns [time, rows, units]
 */
export function lstm(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x: Tensor,
  started?: Tensor,
): Tensor {
  const [rows = 0, time = 0, inputs = 0] = x.shape
  const recurrent = parameter(`${name}/recurrent`)
  const [units = 0] = recurrent.shape

  // Steps first, so that the products of all inputs are one product and each step's share of it lies in one piece. The bias,
  // and what shuts the input gate, are rows of the kernel: two more columns of inputs are less than two more passes.
  const first = (values: Tensor, width: number) => tf.reshape(tf.transpose(values, [1, 0, 2]), [time * rows, width])
  const before = started ? first(tf.expandDims(tf.sub(1, started), 2), 1) : tf.zeros([time * rows, 1])
  const shut = tf.concat([tf.fill([1, units], SHUT), tf.zeros([1, 3 * units])], 1)
  const kernel = tf.concat([parameter(`${name}/kernel`), tf.reshape(parameter(`${name}/bias`), [1, 4 * units]), shut])
  const extended = tf.concat([first(x, inputs), tf.ones([time * rows, 1]), before], 1)
  return lstmSteps(tf, tf.reshape(tf.matMul(extended, kernel), [time, rows, 4 * units]), recurrent)
}
