import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import type { Random } from '../numerics/random.ts'
import type { Tf } from '../study/engine.ts'
import type { Dataset } from './data/dataset.ts'
import { toBatch } from './data/tensors.ts'
import { softmaxCrossEntropy } from './loss.ts'
import type { Model } from './models/model.ts'
import { applyUpdates, type Transformation } from './optimizers/transformation.ts'
import { toTensors, type Weight } from './weights.ts'

/** What training carries from step to step. */
export type TrainingState = {
  params: Tensor[]
  optimizer: TensorContainer
  /** Scalar: losses summed on the device since `lossSum` was last reset, so that no step waits for a read. */
  lossSum: Tensor
}

export function startTraining(tf: Tf, weights: readonly Weight[], optimizer: Transformation): TrainingState {
  return tf.tidy(() => {
    const params = toTensors(tf, weights)
    return { params, optimizer: optimizer.init(tf, params), lossSum: tf.scalar(0) }
  })
}

/**
 * One step on one batch: the state after it. What it does not share with the state before is disposed.
 * @param random what the model draws from while training
 */
export function trainStep(
  tf: Tf,
  model: Model,
  optimizer: Transformation,
  state: TrainingState,
  batch: Dataset,
  random: Random,
): TrainingState {
  const next = tf.tidy((): TrainingState => {
    const { inputs, labels } = toBatch(tf, batch)
    const { value, grads } = tf.valueAndGrads((...params) =>
      softmaxCrossEntropy(tf, model.apply(tf, params, inputs, random), labels),
    )(state.params)
    const update = optimizer.update(tf, grads, state.optimizer, state.params)
    return {
      params: applyUpdates(tf, state.params, update.updates),
      optimizer: update.state,
      lossSum: tf.add(state.lossSum, value),
    }
  })
  disposeReplaced(tf, state, next)
  return next
}

/** Disposes the tensors of `previous` that `next` does not hold as well. */
function disposeReplaced(tf: Tf, previous: TensorContainer, next: TensorContainer): void {
  const kept = new Set(tf.tensor_util.getTensorsInContainer(next))
  for (const tensor of tf.tensor_util.getTensorsInContainer(previous)) if (!kept.has(tensor)) tensor.dispose()
}
