import { createRandom } from '../../numerics/random.ts'
import { type Dataset, takeRows } from './dataset.ts'
import { type DealOptions, dealShares } from './deal.ts'

export interface SplitOptions<Test = number> extends DealOptions {
  /** Share of the rows to choose on, in (0, 1). Default 0.2. */
  readonly validation?: number
  /** Share of the rows for the last word, in (0, 1). Default 0.2. */
  readonly test?: Test
  /** Keys the one shuffle. Default 0. Leave it be within a study: its trials are compared on the same rows. */
  readonly seed?: number
}

/** The data of a study. Nothing but a study's `test` should name the third part. */
export interface Split<Part = Dataset> {
  readonly train: Part
  readonly validation: Part
  readonly test: Part
}

/**
 * Three disjoint parts of the rows that make up the whole, in shuffled order; the training part is what the other two
 * leave. The same for every trial, attempt and machine.
 * @throws DynotuneError `data.invalid` when a part would be empty
 */
export function splitRows(rows: number, options: SplitOptions = {}): Split<number[]> {
  const { validation: choose = 0.2, test: last = 0.2, seed = 0 } = options
  const [train = [], validation = [], test = []] = dealShares(
    rows,
    [choose, last],
    createRandom(seed, 0, 'split'),
    options,
  )
  return { train, validation, test }
}

/**
 * A dataset in the three parts of `splitRows`; or in two, with test data that are published apart as the third.
 * @throws DynotuneError `data.invalid` when a part would be empty
 */
export function splitDataset(dataset: Dataset, options: SplitOptions<number | Dataset> = {}): Split {
  const { validation: choose = 0.2, test: last = 0.2, seed = 0 } = options
  const shares = typeof last === 'number' ? [choose, last] : [choose]
  const parts = dealShares(dataset.rows, shares, createRandom(seed, 0, 'split'), options)
  const [train = [], validation = [], test = []] = parts
  return {
    train: takeRows(dataset, train),
    validation: takeRows(dataset, validation),
    test: typeof last === 'number' ? takeRows(dataset, test) : last,
  }
}
