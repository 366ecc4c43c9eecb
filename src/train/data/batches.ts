import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'

/** Where the next batch begins: before row `offset`, in [0, rows), of an epoch's order. Plain data, to be saved. */
export interface BatchPosition {
  readonly epoch: number
  readonly offset: number
}

/** Row numbers for mini-batches, without end. */
export interface Batches {
  /**
   * The next `size` rows. The size may change from one call to the next.
   * @throws DynotuneError `data.invalid` unless it is a positive integer
   */
  next(size: number): number[]
  readonly position: BatchPosition
}

/**
 * Batches that take each row once an epoch. They are always full: one that begins at the end of an epoch goes on into the
 * next, which keeps steps comparable (a short last batch would be noisier and cheaper than the others).
 * An epoch's order follows from the stream `batches/<epoch>` alone, so that nothing has to be drawn again to go on from a
 * position, and the rows come in the same order whatever the sizes of the batches.
 * @param streams makes the stream of a purpose: a trial's `random`
 * @param from where to begin. Default: the first epoch
 * @throws DynotuneError `data.invalid` unless `rows` is a positive integer and `from` a position among them
 */
export function createBatches(
  rows: number,
  streams: (purpose: string) => Random,
  from: BatchPosition = { epoch: 0, offset: 0 },
): Batches {
  requireCount('rows', rows)
  let { epoch, offset } = from
  if (!isIndex(epoch) || !isIndex(offset) || offset >= rows) {
    throw new DynotuneError('data.invalid', `This is no position among ${rows} rows.`, {
      path: 'from',
      value: from,
      remedy: 'go on with the rows that the position was taken among',
    })
  }
  let order = orderOf(epoch)

  function orderOf(epoch: number): number[] {
    return streams(`batches/${epoch}`).permutation(rows)
  }

  function next(size: number): number[] {
    requireCount('size', size)
    const batch: number[] = []
    while (batch.length < size) {
      const taken = order.slice(offset, offset + size - batch.length)
      for (const row of taken) batch.push(row)
      offset += taken.length
      if (offset === rows) {
        offset = 0
        order = orderOf(++epoch)
      }
    }
    return batch
  }

  return {
    next,
    get position() {
      return { epoch, offset }
    },
  }
}

/**
 * The batches of one epoch, in the order that `createBatches` has for it; the last holds what is left.
 * @throws DynotuneError `data.invalid` unless `rows` and `size` are positive integers
 */
export function epochBatches(
  rows: number,
  size: number,
  streams: (purpose: string) => Random,
  epoch: number,
): readonly (readonly number[])[] {
  requireCount('size', size)
  const batches = createBatches(rows, streams, { epoch, offset: 0 })
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => batches.next(Math.min(size, rows - i * size)))
}

function requireCount(path: string, value: number): void {
  if (isIndex(value) && value > 0) return
  throw new DynotuneError('data.invalid', 'A batch needs a positive whole number of rows.', { path, value })
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
