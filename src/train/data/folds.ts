import { DynotuneError } from '../../errors.ts'
import { createRandom } from '../../numerics/random.ts'
import { type Dataset, takeRows } from './dataset.ts'
import { type DealOptions, dealRows, dealShares, gatherBy } from './deal.ts'

export interface FoldOptions extends DealOptions {
  /** At least two, or `each`: one for each row, or for each group, which is leave-one-out. Default 5. */
  readonly folds?: number | 'each'
  /** Share of the rows for the last word, in [0, 1): they are in no fold. Default 0.2; 0 where test data are kept apart. */
  readonly test?: number
  /** Keys the shuffle. Default 0. */
  readonly seed?: number
}

/** Data for cross-validation. */
export interface Folds<Part = Dataset> {
  readonly count: number
  /**
   * Fold `index`, in [0, count). The validation parts of all folds are disjoint and make up what the test part leaves; a
   * fold's training part is the validation parts of the others.
   */
  fold(index: number): { readonly train: Part; readonly validation: Part }
  /** Nothing but a study's `test` should name it. */
  readonly test: Part
}

/** @throws DynotuneError `data.invalid` when there are more folds than rows or groups, or fewer than two */
export function foldRows(rows: number, options: FoldOptions = {}): Folds<number[]> {
  const { test: share = 0.2, seed = 0, strata, groups } = options
  const all = Array.from({ length: rows }, (_, row) => row)
  const [rest = [], test = []] =
    share === 0 ? [all] : dealShares(rows, [share], createRandom(seed, 0, 'split'), options)
  const keys = {
    ...(strata && { strata: rest.map((row) => strata[row] ?? '') }),
    ...(groups && { groups: rest.map((row) => groups[row] ?? '') }),
  }
  const parts = dealFolds(rest.length, options.folds ?? 5, seed, keys).map((part) => part.map((i) => rest[i] ?? i))

  function fold(index: number): { train: number[]; validation: number[] } {
    const validation = parts[index]
    if (validation) return { train: parts.filter((_, i) => i !== index).flat(), validation }
    throw new DynotuneError('data.invalid', `There are ${parts.length} folds, from 0 on.`, {
      path: 'index',
      value: index,
    })
  }

  return { count: parts.length, fold, test }
}

/** A dataset in the folds of `foldRows`. Only the test part is copied at once, the others when they are asked for. */
export function foldDataset(dataset: Dataset, options: FoldOptions = {}): Folds {
  const { count, fold, test } = foldRows(dataset.rows, options)
  return {
    count,
    fold(index) {
      const { train, validation } = fold(index)
      return { train: takeRows(dataset, train), validation: takeRows(dataset, validation) }
    },
    test: takeRows(dataset, test),
  }
}

function dealFolds(rows: number, folds: number | 'each', seed: number, keys: DealOptions): number[][] {
  const random = createRandom(seed, 0, 'folds')
  const all = Array.from({ length: rows }, (_, row) => row)
  const units = keys.groups ? gatherBy(all, keys.groups) : all.map((row) => [row])
  const count = folds === 'each' ? units.length : folds
  if (!(Number.isInteger(count) && count >= 2 && count <= units.length)) {
    throw new DynotuneError('data.invalid', `${units.length} rows or groups do not make ${count} folds.`, {
      path: 'folds',
      value: folds,
      remedy: `give a whole number from 2 to ${units.length}`,
    })
  }
  if (count === units.length) return random.permutation(count).map((i) => units[i] ?? [])
  const start = (fold: number) => Math.floor((fold * rows) / count)
  return dealRows(
    Array.from({ length: count }, (_, fold) => start(fold + 1) - start(fold)),
    random,
    keys,
  )
}
