import { normalCdf } from '../../numerics/normal.ts'

/** Half of the middle 90 % of a normal distribution: a kernel with this deviation stays within its cell. */
const NARROWEST = 0.5 / 1.64

/**
 * A smoothed density over the cells of an ordered axis, after counts of trials: a normal kernel in each cell that has any, and
 * a wide one in the middle that counts as one trial, all cut off at the ends. The width is Scott's, from the deviation or the
 * quartiles (Watanabe, Bansal and Hutter, IJCAI 2023, appendix; the quartiles as Optuna counts them).
 * @returns the probability of each cell
 */
export function orderedDensity(counts: Int32Array): Float64Array {
  const cells = counts.length
  const occupied = [...counts.keys()].filter((cell) => (counts[cell] ?? 0) > 0)
  const all = counts.reduce((sum, count) => sum + count, 0)
  const width = occupied.length > 0 ? Math.max(widthOf(counts, occupied, all), NARROWEST) : NARROWEST
  const density = new Float64Array(cells)
  // The kernels differ only in where they are: what they hold up to each distance is looked up.
  const below = Float64Array.from({ length: 2 * cells }, (_, index) => normalCdf((index - cells + 0.5) / width))
  const upTo = (distance: number) => below[distance + cells] ?? 1
  for (const centre of occupied) {
    const weight = (counts[centre] ?? 0) / (all + 1) / (upTo(cells - 1 - centre) - upTo(-1 - centre))
    for (let cell = 0; cell < cells; cell++) {
      density[cell] = (density[cell] ?? 0) + weight * (upTo(cell - centre) - upTo(cell - 1 - centre))
    }
  }
  const middle = (cells - 1) / 2
  const within = (edge: number) => normalCdf((edge - middle) / cells)
  const weight = 1 / (all + 1) / (within(cells - 0.5) - within(-0.5))
  return density.map((value, cell) => value + weight * (within(cell + 0.5) - within(cell - 0.5)))
}

/** The same for options without an order: each kernel is its option, smoothed by a share of the others. */
export function unorderedDensity(counts: Int32Array): Float64Array {
  const occupied = counts.filter((count) => count > 0).length
  const all = counts.reduce((sum, count) => sum + count, 0)
  const prior = 1 / (occupied + 1)
  const whole = 1 + prior * counts.length
  // What each option gets from every kernel but its own, and from the one that is even.
  return Float64Array.from(counts, (count) => ((all * prior + count) / whole + 1 / counts.length) / (all + 1))
}

/** Scott's width, in cells. */
function widthOf(counts: Int32Array, occupied: readonly number[], all: number): number {
  const mean = occupied.reduce((sum, cell) => sum + cell * (counts[cell] ?? 0), 0) / all
  const square = occupied.reduce((sum, cell) => sum + (cell - mean) ** 2 * (counts[cell] ?? 0), 0)
  let reached = 0
  const upTo = occupied.map((cell) => {
    reached += counts[cell] ?? 0
    return reached
  })
  const last = occupied.length - 1
  const low = upTo.findIndex((count) => count >= Math.floor(all / 4))
  const high = upTo.findIndex((count) => count > Math.floor((all * 3) / 4))
  const quartiles = (occupied[high < 0 ? last : high] ?? 0) - (occupied[low] ?? 0)
  return 1.059 * Math.min(quartiles / 1.34, Math.sqrt(square / Math.max(1, all - 1))) * all ** -0.2
}
