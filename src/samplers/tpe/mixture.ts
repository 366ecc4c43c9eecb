import { logNormalMass } from '../../numerics/normal.ts'
import { cellWidth, type Layout, middleOf, type Track } from './layout.ts'

const LOG_ROOT_TAU = Math.log(2 * Math.PI) / 2
/** What 10,000 kernels of exp(-30) of the largest leave out of the sum is below 1e-9 of it. */
const NEGLIGIBLE = 30

/**
 * Kernels, each a product over the axes that its centre has: normals cut off at 0 and 1, whole or by cell; on options the
 * centre's own and any. Where the centre lacks an axis that a point has, as it lies in another branch, the kernel is uniform:
 * a branch has the share that kernels give it, and correlations between its axes and those above it are kept.
 */
export interface Kernels {
  readonly layout: Layout
  /** The centre of kernel k from k × dimensions on. */
  readonly centres: Float64Array
  /** One over the width of kernel k on axis d, at k × stride + d: a stride of 0 is for widths that all kernels share. */
  readonly inverses: Float64Array
  readonly stride: number
  /** The logarithm of the peak of kernel k on axis d, at k × dimensions + d; of use on lines only. */
  readonly peaks: Float64Array
  /** By dimension, the logarithms of the probability of the centre's own option and of each other. */
  readonly hit: Float64Array
  readonly miss: Float64Array
  /**
   * By dimension, the logarithms of cells' probabilities as far as they are known, else NaN: a row of cells for
   * each kernel, or, where kernels share their widths, for each cell that one may stand on.
   */
  readonly tables: readonly Float64Array[]
}

/** Kernels with their shares, and a prior, uniform in all axes, of weight 1. */
export interface Mixture {
  readonly kernels: Kernels
  /** Which kernels are in it. */
  readonly members: ArrayLike<number>
  /** By kernel: the logarithm of its weight, with its peaks on the lines that every point has. */
  readonly heights: Float64Array
}

/** -log of the width, of √(2π) and of the part of the kernel that is within [0, 1]. */
export function logPeak(centre: number, inverse: number): number {
  return Math.log(inverse) - LOG_ROOT_TAU - logNormalMass(-centre * inverse, (1 - centre) * inverse)
}

/** `logPeak` of a kernel that has these parts below 0 and above 1. */
export function logPeakWithin(inverse: number, below: number, above: number): number {
  return Math.log(inverse) - LOG_ROOT_TAU - Math.log1p(-below - above)
}

/**
 * The logarithm of the density at a point, times the sum of all weights.
 *
 * Sums exponentials as they come, relative to the largest so far, and leaves a kernel as soon as it is negligible: what adds
 * to its logarithm comes before what can only take away from it.
 */
export function logDensity({ kernels, members, heights }: Mixture, point: Float64Array): number {
  const { layout, centres, inverses, stride, peaks, hit, miss, tables } = kernels
  const dimensions = layout.tracks.length
  const { conditional, options, cells, lines } = layout.active(point)

  // At first the prior.
  let largest = 0
  for (const d of options) largest -= Math.log(layout.tracks[d]?.axis.size ?? 1)
  for (const track of cells) largest += Math.log(cellWidth(track, point[track.dimension] ?? 0))
  let sum = 1
  // Backwards, as the latest tend to be the nearest.
  next: for (let m = members.length - 1; m >= 0; m--) {
    const k = members[m] ?? 0
    const row = k * dimensions
    const widths = k * stride
    let log = heights[k] ?? 0
    for (let i = 0; i < conditional.length; i++) {
      const d = conditional[i] ?? 0
      const z = ((point[d] ?? 0) - (centres[row + d] ?? 0)) * (inverses[widths + d] ?? 0)
      if (!Number.isNaN(z)) log += (peaks[row + d] ?? 0) - 0.5 * z * z
    }
    for (let i = 0; i < options.length; i++) {
      const d = options[i] ?? 0
      const centre = centres[row + d] ?? 0
      if (centre === point[d]) log += hit[d] ?? 0
      else if (!Number.isNaN(centre)) log += miss[d] ?? 0
      else log -= Math.log(layout.tracks[d]?.axis.size ?? 1)
    }
    const floor = largest - NEGLIGIBLE
    if (log < floor) continue
    for (let i = 0; i < cells.length; i++) {
      const track = cells[i]
      if (track) log += logCell(track, kernels, tables[track.dimension], k, point[track.dimension] ?? 0)
    }
    for (let i = 0; i < lines.length; i++) {
      const d = lines[i] ?? 0
      const z = ((point[d] ?? 0) - (centres[row + d] ?? 0)) * (inverses[widths + d] ?? 0)
      log -= 0.5 * z * z
      if (log < floor) continue next
    }
    if (log > largest) {
      sum = sum * Math.exp(largest - log) + 1
      largest = log
    } else sum += Math.exp(log - largest)
  }
  return largest + Math.log(sum)
}

/** The logarithm of what a kernel gives to a cell, from its table. */
function logCell(track: Track, kernels: Kernels, table: Float64Array | undefined, k: number, cell: number): number {
  const { dimension: d, axis } = track
  const { centres, inverses, stride, layout } = kernels
  const centre = centres[k * layout.tracks.length + d] ?? Number.NaN
  if (Number.isNaN(centre) || !table) return Math.log(cellWidth(track, cell))
  // Kernels that share their widths are alike where their centres are.
  const place = (stride === 0 ? centre : k) * axis.size + cell
  const known = table[place] ?? Number.NaN
  if (!Number.isNaN(known)) return known
  const inverse = inverses[k * stride + d] ?? 0
  const middle = middleOf(track, centre)
  const log =
    logNormalMass(((track.edges[cell] ?? 0) - middle) * inverse, ((track.edges[cell + 1] ?? 0) - middle) * inverse) -
    logNormalMass(-middle * inverse, (1 - middle) * inverse)
  table[place] = log
  return log
}
