import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'

/**
 * Row numbers for mini-batches, without end. Each epoch is a fresh permutation of all rows, so that every row comes once
 * an epoch. Batches always have `batchSize` rows: one that begins at the end of an epoch goes on into the next, which
 * keeps steps comparable (a short last batch would be noisier and cheaper than the others).
 * @throws DynotuneError `data.invalid` unless `rows` and `batchSize` are positive integers
 */
export function* createBatches(rows: number, batchSize: number, random: Random): Generator<number[], never> {
  for (const [path, value] of Object.entries({ rows, batchSize })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new DynotuneError('data.invalid', 'A batch needs a positive whole number of rows.', { path, value })
    }
  }
  let queue: number[] = []
  while (true) {
    while (queue.length < batchSize) queue = queue.concat(random.permutation(rows))
    yield queue.slice(0, batchSize)
    queue = queue.slice(batchSize)
  }
}
