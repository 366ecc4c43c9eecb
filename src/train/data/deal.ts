import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'

/** One value for each row, such as `labels.values`. */
export type Keys = ArrayLike<number | string>

export interface DealOptions {
  /** Every part gets its share of the rows of each key, to within two rows. */
  readonly strata?: Keys
  /** Rows of one key stay together in one part, as those of one person must. They decide where both are given. */
  readonly groups?: Keys
}

/**
 * Deals rows to parts, each row to one part, in random order.
 * @param sizes rows for each part, all the rows in sum. With groups they are what is aimed at, and a part may be empty only
 * where there are fewer groups than parts
 * @returns row numbers of each part
 * @throws DynotuneError `data.invalid` unless there is one key for each row
 */
export function dealRows(sizes: readonly number[], random: Random, { strata, groups }: DealOptions = {}): number[][] {
  const rows = sizes.reduce((sum, size) => sum + size, 0)
  for (const [path, keys] of Object.entries({ strata, groups })) {
    if (keys && keys.length !== rows) {
      const remedy = 'give one key for each row'
      throw new DynotuneError('data.invalid', `There are ${keys.length} keys for ${rows} rows.`, { path, remedy })
    }
  }
  const order = random.permutation(rows)
  if (groups) return dealGroups(sizes, gatherBy(order, groups))
  if (strata) return dealInProportion(sizes, gatherBy(order, strata).flat())
  let dealt = 0
  return sizes.map((size) => {
    dealt += size
    return order.slice(dealt - size, dealt)
  })
}

/**
 * Deals a share of the rows to each part but the first, which takes what they leave.
 * @throws DynotuneError `data.invalid` when a part would be empty
 */
export function dealShares(rows: number, shares: readonly number[], random: Random, keys: DealOptions): number[][] {
  const sizes = shares.map((share) => Math.round(share * rows))
  sizes.unshift(rows - sizes.reduce((sum, size) => sum + size, 0))
  const parts = sizes.every((size) => size > 0) ? dealRows(sizes, random, keys) : []
  if (parts.some((part) => part.length === 0) || parts.length === 0) {
    throw new DynotuneError('data.invalid', `${rows} rows do not split into ${sizes.length} parts that way.`, {
      path: 'split',
      value: shares,
      remedy: 'give shares above 0 that leave some rows for training, and no fewer groups than parts',
    })
  }
  return parts
}

/** The rows of each key, keys in the order in which they come first. */
export function gatherBy(rows: readonly number[], keys: Keys): number[][] {
  const gathered = new Map<number | string | undefined, number[]>()
  for (const row of rows) {
    const known = gathered.get(keys[row])
    if (known) known.push(row)
    else gathered.set(keys[row], [row])
  }
  return [...gathered.values()]
}

/** Each row to the part that is furthest behind its share so far, so that every stretch of rows is dealt in proportion. */
function dealInProportion(sizes: readonly number[], rows: readonly number[]): number[][] {
  const parts: number[][] = sizes.map(() => [])
  rows.forEach((row, i) => {
    const due = sizes.map((size, part) => (size * (i + 1)) / rows.length - (parts[part]?.length ?? 0))
    parts[due.indexOf(Math.max(...due))]?.push(row)
  })
  return parts
}

/** Each group to the part that lacks most rows; once there are only as many groups as empty parts, to one of those. */
function dealGroups(sizes: readonly number[], groups: readonly (readonly number[])[]): number[][] {
  const parts: number[][] = sizes.map(() => [])
  groups.forEach((group, i) => {
    const onlyEmpty = parts.filter((part) => part.length === 0).length >= groups.length - i
    const lacks = sizes.map((size, part) => {
      const rows = parts[part]?.length ?? 0
      return onlyEmpty && rows > 0 ? Number.NEGATIVE_INFINITY : size - rows
    })
    const part = parts[lacks.indexOf(Math.max(...lacks))]
    for (const row of group) part?.push(row)
  })
  return parts
}
