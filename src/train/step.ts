import type { Tensor } from '@tensorflow/tfjs-core'
import type { Random } from '../numerics/random.ts'
import type { Tf } from '../study/engine.ts'
import type { Batch } from './data/batch.ts'
import { softmaxCrossEntropy } from './loss.ts'
import type { Model } from './models/model.ts'
import { applyGradients, disposeReplaced, type Optimized, startOptimizer } from './optimizers/apply-gradients.ts'
import type { Transformation } from './optimizers/transformation.ts'
import { toTensors, type Weight } from './weights.ts'

/** What training carries from step to step. `disposeTraining` disposes it. */
export interface TrainingState extends Optimized {
  /** Scalar: losses summed on the device since `lossSum` was last reset, so that no step waits for a read. */
  readonly lossSum: Tensor
}

export function startTraining(tf: Tf, weights: readonly Weight[], optimizer: Transformation): TrainingState {
  return { ...startOptimizer(tf, optimizer, toTensors(tf, weights)), lossSum: tf.scalar(0) }
}

/**
 * One step on one batch: the state after it. What it does not share with the state before is disposed.
 * @param batch makes the batch's tensors, which are disposed after the step
 * @param random what the model draws from while training
 */
export function trainStep(
  tf: Tf,
  model: Model,
  optimizer: Transformation,
  state: TrainingState,
  batch: () => Batch,
  random: Random,
): TrainingState {
  const { gradients, lossSum } = tf.tidy(() => {
    const { inputs, labels } = batch()
    const { value, grads } = tf.valueAndGrads((...params) =>
      softmaxCrossEntropy(tf, model.apply(tf, params, inputs, random), labels),
    )([...state.params])
    return { gradients: grads, lossSum: tf.add(state.lossSum, value) }
  })
  const next = applyGradients(tf, optimizer, state, gradients)
  tf.dispose(gradients)
  disposeReplaced(state, next)
  state.lossSum.dispose()
  return { ...next, lossSum }
}

export function disposeTraining(state: TrainingState): void {
  disposeReplaced(state)
  state.lossSum.dispose()
}
