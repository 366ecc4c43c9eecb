import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import type { Metrics } from '../../study/trial.ts'

/**
 * What a model is trained for: its loss, and what an evaluation measures.
 * To choose by another of its metrics: `{ ...classification, metric: 'loss', goal: 'minimize' }`.
 */
export interface Task {
  /** The metric that says which weights are best, one of those that `metrics` gives. */
  readonly metric: string
  readonly goal: 'minimize' | 'maximize'
  /**
   * Mean loss over a batch, with gradients.
   * @param weights [rows] factors of the examples' losses; the divisor stays what it is without them
   */
  loss(tf: Tf, outputs: Tensor, labels: Tensor, weights?: Tensor1D): Scalar
  /** What `loss` divides by, where that is not the number of rows: batches that are taken in parts are put together by it. */
  divisor?(tf: Tf, labels: Tensor): Scalar
  /** What an evaluation has to know of each example: [rows, k]. It travels to the host. */
  measure(tf: Tf, outputs: Tensor, labels: Tensor): Tensor
  /**
   * The metrics of all examples, `loss` among them, from their measures: so that every example counts the same, whatever
   * batches they came in.
   * @param measures row-major [rows, k]
   */
  metrics(measures: Float32Array, rows: number): Metrics & { readonly loss: number }
}
