import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { heNormal, type Initializer } from './initializers.ts'

/** Kernel [inputs, units] of `x·kernel`, named `name/kernel`. */
export function projectParameters(
  name: string,
  inputs: number,
  units: number,
  init: Initializer = heNormal,
): Parameter[] {
  const shape = [inputs, units]
  return [{ name: `${name}/kernel`, role: 'kernel', shape, init: (random) => init(shape, random) }]
}

/** `x·kernel` over the last axis: [..., inputs] to [..., units], in one product whatever the axes before. */
export function project({ tf, parameter }: Pick<Forward, 'tf' | 'parameter'>, name: string, x: Tensor): Tensor {
  const kernel = parameter(`${name}/kernel`)
  if (x.rank === 2) return tf.matMul(x, kernel)
  const y = tf.matMul(tf.reshape(x, [-1, x.shape.at(-1) ?? 0]), kernel)
  return tf.reshape(y, [...x.shape.slice(0, -1), y.shape.at(-1) ?? 0])
}
