import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import type { Dataset } from './dataset.ts'

/** The tensors of a dataset: inputs [rows, width] and labels [rows], int32. */
export function toBatch(tf: Tf, { features, labels, rows, width }: Dataset): { inputs: Tensor2D; labels: Tensor1D } {
  return { inputs: tf.tensor2d(features, [rows, width]), labels: tf.tensor1d(labels, 'int32') }
}
