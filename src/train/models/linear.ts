import { dense, denseParameters } from '../layers/dense.ts'
import { zerosInit } from '../layers/initializers.ts'
import { checkCount } from './check.ts'
import { featuresOf } from './features.ts'
import type { Model } from './model.ts'
import { countOutputs, type Outputs } from './outputs.ts'

export type LinearConfig = Outputs & {
  /** Values a row. */
  readonly inputs: number
}

/**
 * `x·kernel + bias` over `features` [rows, …], a layer called `head`: linear regression, or softmax regression with a task
 * of classes. Begins at zero, since its loss has one minimum, wherever it begins.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function linear(config: LinearConfig): Model {
  const { inputs } = config
  const outputs = countOutputs('linear', config)
  checkCount('linear.inputs', inputs)
  return {
    parameters: denseParameters('head', inputs, outputs, zerosInit),
    apply: (forward, batch) => dense(forward, 'head', featuresOf(forward.tf, batch, [inputs])),
  }
}
