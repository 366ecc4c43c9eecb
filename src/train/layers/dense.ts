import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { heNormal, type Initializer, zerosInit } from './initializers.ts'
import { project, projectParameters } from './project.ts'

/** Kernel [inputs, units] and bias [units] of `x·kernel + bias`, named `name/kernel` and `name/bias`. */
export function denseParameters(
  name: string,
  inputs: number,
  units: number,
  init: Initializer = heNormal,
): Parameter[] {
  return [
    ...projectParameters(name, inputs, units, init),
    { name: `${name}/bias`, role: 'bias', shape: [units], init: () => zerosInit([units]) },
  ]
}

/** `x·kernel + bias` over the last axis: [..., inputs] to [..., units]. */
export function dense(forward: Pick<Forward, 'tf' | 'parameter'>, name: string, x: Tensor): Tensor {
  return forward.tf.add(project(forward, name, x), forward.parameter(`${name}/bias`))
}
