import type { Axis } from '../../samplers/axes.ts'

/** One axis cut into cells, within which trees do not tell trials apart. */
export interface AxisCells {
  readonly axis: Axis
  /** The cell of each trial: ascending along an ordered axis, the index of the option on an unordered one. */
  readonly cells: Int32Array
  /** The share of the axis that each cell takes; they sum to 1. */
  readonly widths: Float64Array
  /** The ends of the cells in [0, 1]; one more than there are cells. */
  readonly edges: Float64Array
}

/** Enough for the variance of a smooth effect to lose about a thousandth; more cost time for each pair of axes. */
const MOST = 32

/**
 * Cuts an axis midway between neighbouring trials: everywhere where there are few of them, else at evenly spaced ranks. An
 * unordered axis has a cell of equal width for each option.
 * @param coordinates of the trials on this axis, as in a `Point`
 */
export function cutAxis(axis: Axis, coordinates: Float64Array): AxisCells {
  const isOrdered = axis.kind !== 'unordered'
  const cuts = isOrdered
    ? cutsBetween(coordinates.toSorted())
    : Array.from({ length: axis.size - 1 }, (_, index) => (index + 1) / axis.size)
  const edges = Float64Array.of(0, ...cuts, 1)
  return {
    axis,
    cells: isOrdered ? Int32Array.from(coordinates, (u) => cellAt(cuts, u)) : Int32Array.from(coordinates),
    widths: Float64Array.from({ length: edges.length - 1 }, (_, cell) => (edges[cell + 1] ?? 1) - (edges[cell] ?? 0)),
    edges,
  }
}

function cutsBetween(sorted: Float64Array): number[] {
  const distinct = sorted.filter((u, index) => u !== sorted[index - 1])
  const from = distinct.length <= MOST ? distinct : sorted
  const count = Math.min(MOST, from.length)
  const cuts = new Set<number>()
  for (let cell = 1; cell < count; cell++) {
    const rank = Math.floor((cell * from.length) / count)
    const [below = 0, above = 1] = [from[rank - 1], from[rank]]
    if (below < above) cuts.add((below + above) / 2)
  }
  return [...cuts]
}

/** How many cuts lie at or below `u`. */
function cellAt(cuts: readonly number[], u: number): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cuts[middle] ?? 1) <= u) low = middle + 1
    else high = middle
  }
  return low
}
