import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import { adam } from '../../src/train/optimizers/adam.ts'
import { applyGradients, disposeReplaced, startOptimizer } from '../../src/train/optimizers/apply-gradients.ts'
import { toTensors } from '../../src/train/weights.ts'
import { uploadExamples } from './examples.ts'
import type { Model } from './models/model.ts'

/** Training under way: the one place that knows how a step is made of gradients and an optimizer. */
export interface Training {
  /** Trainable numbers. */
  readonly parameters: number
  /** One step of Adam; `between` is called when the gradients have been asked for. Does not wait for the device. */
  step(between?: () => void): void
  /** The part of a step before the optimizer, its gradients thrown away. */
  forwardBackward(): void
  /** Sum of the losses since the last call, read without holding up the steps that follow. */
  readLoss(): Promise<number>
}

/** Begins to train a model on made-up data that stays on the device. */
export function startTraining(tf: Tf, model: Model, batch: number): Training {
  const optimizer = adam({ learningRate: 1e-3 })
  const weights = model.init(createRandom(0, 0, 'weights'))
  const examples = uploadExamples(tf, model, batch)
  let state = startOptimizer(tf, optimizer, toTensors(tf, weights))
  let lossSum: Tensor = tf.scalar(0)

  /** The gradients of a batch, whose loss is added to the sum. */
  function gradients(): { grads: Tensor[]; lossSum: Tensor } {
    const batchRows = examples.next()
    const { value, grads } = tf.valueAndGrads((...params) => model.loss(tf, params, batchRows))([...state.params])
    return { grads, lossSum: tf.add(lossSum, value) }
  }

  function countLoss(sum: Tensor): void {
    lossSum.dispose()
    lossSum = sum
  }

  return {
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    step(between) {
      const result = tf.tidy(gradients)
      between?.()
      const next = applyGradients(tf, optimizer, state, result.grads, { isSpent: true })
      disposeReplaced(state, next)
      tf.dispose(result.grads)
      state = next
      countLoss(result.lossSum)
    },
    forwardBackward() {
      countLoss(tf.tidy(() => gradients().lossSum))
    },
    async readLoss() {
      const read = lossSum
      lossSum = tf.scalar(0)
      const [sum = Number.NaN] = await read.data()
      read.dispose()
      return sum
    },
  }
}
