import type { Axis, Point } from '../axes.ts'

/** What an unordered axis holds in the model where it is not active. */
export const NO_OPTION = -1

/** How the model sees a space: which columns are options, and which a point leaves inactive. */
export interface Columns {
  readonly count: number
  readonly isOption: readonly boolean[]
  /**
   * The row of a point whose every coordinate is given, active or not. An inactive one counts as the middle of its range or as
   * none of its options, at half the distance of two options: of two points with it inactive it says that they are equal, of
   * one with and one without no more than that they differ, so that branches share what they have in common.
   */
  encode(point: ArrayLike<number>, row: Float64Array): void
  /** Whether a coordinate of the point is active. */
  isActive(point: ArrayLike<number>, dimension: number): boolean
}

export function columnsOf(axes: readonly Axis[]): Columns {
  const isOption = axes.map(({ kind }) => kind === 'unordered')
  const isActive = (point: ArrayLike<number>, dimension: number): boolean => {
    const parent = axes[dimension]?.parent
    if (!parent) return true
    // A parameter under a fixed choice has a parent of no dimension, which always takes the option.
    if (parent.dimension < 0) return true
    return point[parent.dimension] === parent.option && isActive(point, parent.dimension)
  }
  return {
    count: axes.length,
    isOption,
    isActive,
    encode(point, row) {
      for (let k = 0; k < axes.length; k++) {
        row[k] = isActive(point, k) ? (point[k] ?? 0) : isOption[k] ? NO_OPTION : 0.5
      }
    },
  }
}

/** The squared distance of two values of one column. */
export function squaredDistance(isOption: boolean, a: number, b: number): number {
  if (!isOption) return (a - b) * (a - b)
  return a === b ? 0 : a === NO_OPTION || b === NO_OPTION ? 0.5 : 1
}

/** The rows of points, one behind the other. */
export function rowsOf(columns: Columns, points: readonly Point[]): Float64Array {
  const rows = new Float64Array(points.length * columns.count)
  points.forEach((point, i) => {
    columns.encode(point, rows.subarray(i * columns.count, (i + 1) * columns.count))
  })
  return rows
}
