import { createRandom } from '../../numerics/random.ts'
import { type Dataset, takeRows } from '../data/dataset.ts'

/**
 * Some rows of a dataset, in their order; the dataset itself where it has no more. Drawn by their number alone, so that all
 * trials are compared on the same rows.
 */
export function sample(dataset: Dataset, rows = dataset.rows): Dataset {
  if (rows >= dataset.rows) return dataset
  const order = createRandom(0, 0, 'sample').permutation(dataset.rows)
  return takeRows(
    dataset,
    order.slice(0, rows).sort((a, b) => a - b),
  )
}
