import type { Metrics, Trial } from '../../study/trial.ts'
import type { Dataset } from '../data/dataset.ts'
import { evaluate } from '../evaluate.ts'
import type { Model } from '../models/model.ts'
import { classification } from '../tasks/classification.ts'
import type { Task } from '../tasks/task.ts'
import { checkWeights, toTensors } from '../weights.ts'
import { bestWeights } from './best-weights.ts'
import { nameMetrics } from './evaluation.ts'

export interface TestConfig {
  readonly model: Model
  /** Default: classification. */
  readonly task?: Task
  /** The test split. */
  readonly data: Dataset
}

/**
 * The task's metrics of the best weights in a trial's checkpoint, named `testLoss` and so on: all that most studies' `test`
 * has to do.
 * @throws DynotuneError `model.invalid` when there are no weights, or those of another model
 */
export async function testBest(
  trial: Pick<Trial<unknown>, 'engine' | 'checkpoint'>,
  { model, task = classification, data }: TestConfig,
): Promise<Metrics> {
  const weights = bestWeights(trial.checkpoint)
  checkWeights(model, weights)
  const tf = await trial.engine.load()
  const params = toTensors(tf, weights)
  try {
    return nameMetrics(await evaluate(tf, model, task, params, data), 'test')
  } finally {
    tf.dispose(params)
  }
}
