import { DynotuneError } from '../../errors.ts'
import { createRandom } from '../../numerics/random.ts'
import { type Dataset, takeRows } from './dataset.ts'

export interface SplitOptions {
  /** Share of the rows to choose on, in (0, 1). Default 0.2. */
  readonly validation?: number
  /** Share of the rows for the last word, in (0, 1). Default 0.2. */
  readonly test?: number
  /** Keys the one shuffle. Default 0. Leave it be within a study: its trials are compared on the same rows. */
  readonly seed?: number
}

export interface Split {
  readonly train: Dataset
  readonly validation: Dataset
  readonly test: Dataset
}

/**
 * Three disjoint parts that make up the whole, in shuffled order; the training part is what the other two leave.
 * The same for every trial, attempt and machine.
 * @throws DynotuneError `data.invalid` when a part would be empty
 */
export function splitDataset(dataset: Dataset, options: SplitOptions = {}): Split {
  const { validation = 0.2, test = 0.2, seed = 0 } = options
  const order = createRandom(seed, 0, 'split').permutation(dataset.rows)
  const testRows = Math.round(test * dataset.rows)
  const validationRows = Math.round(validation * dataset.rows)
  const trainRows = dataset.rows - testRows - validationRows
  if (!(testRows > 0 && validationRows > 0 && trainRows > 0)) {
    throw new DynotuneError('data.invalid', `${dataset.rows} rows do not split into three parts that way.`, {
      path: 'split',
      value: { validation, test },
      remedy: 'give shares above 0 that leave some rows for training',
    })
  }
  return {
    train: takeRows(dataset, order.slice(0, trainRows)),
    validation: takeRows(dataset, order.slice(trainRows, trainRows + validationRows)),
    test: takeRows(dataset, order.slice(trainRows + validationRows)),
  }
}
