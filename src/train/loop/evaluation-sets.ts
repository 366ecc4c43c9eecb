import type { Tf } from '../../study/engine.ts'
import { type Batch, uploadDataset } from '../data/batch.ts'
import type { Dataset } from '../data/dataset.ts'
import type { EvaluateOn } from './config.ts'
import type { Split } from './evaluation.ts'
import { sample } from './sample.ts'

/** Examples on the device that evaluations are of; metrics are named after it: `validationLoss`. */
export interface EvaluationSet {
  readonly name: Split
  readonly rows: number
  readonly examples: Batch
}

/**
 * Uploads what evaluations are of.
 * @param examples the training set on the device
 */
export function evaluationSets(
  tf: Tf,
  data: { readonly train: Dataset; readonly validation: Dataset },
  examples: Batch,
  { rows, train = false }: EvaluateOn,
): EvaluationSet[] {
  const validation = sample(data.validation, rows)
  const ofTraining = sample(data.train, typeof train === 'number' ? train : undefined)
  const onDevice = (dataset: Dataset) => (dataset === data.train ? examples : uploadDataset(tf, dataset))
  const set = (name: Split, dataset: Dataset) => ({ name, rows: dataset.rows, examples: onDevice(dataset) })
  return [set('validation', validation), ...(train === false ? [] : [set('trainSet', ofTraining)])]
}
