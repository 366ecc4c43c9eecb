import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { forward } from '../../../../src/train/models/forward.ts'
import type { Inputs, Model } from '../../../../src/train/models/model.ts'
import { adam } from '../../../../src/train/optimizers/adam.ts'
import { applyGradients, disposeReplaced, startOptimizer } from '../../../../src/train/optimizers/apply-gradients.ts'
import { initialWeights, toTensors } from '../../../../src/train/weights.ts'

export interface SmallTraining {
  readonly steps: number
  readonly learningRate: number
  /** A scalar, of the model's outputs. */
  loss(outputs: Tensor): Tensor
}

/** The loss after training by Adam on all rows at once. Leaves no tensor. The model has no statistics. */
export function lossAfterTraining(
  tf: Tf,
  model: Model,
  inputs: Inputs,
  { steps, learningRate, loss }: SmallTraining,
): number {
  const lossOf = (...params: Tensor[]) => loss(model.apply(forward(tf, model, params, inputs), inputs)).asScalar()
  const optimizer = adam({ learningRate })
  const weights = initialWeights(model, (purpose) => createRandom(0, 0, purpose))
  let state = startOptimizer(tf, optimizer, toTensors(tf, weights), model.parameters)
  let last = Number.NaN
  for (let step = 0; step < steps; step++) {
    const { value, grads } = tf.valueAndGrads(lossOf)([...state.params])
    last = value.dataSync()[0] ?? Number.NaN
    const next = applyGradients(tf, optimizer, state, grads)
    tf.dispose([value, grads])
    disposeReplaced(state, next)
    state = next
  }
  disposeReplaced(state)
  return last
}
