import { normalCdf } from '../../numerics/normal.ts'
import type { History } from './history.ts'
import { cellWidth, middleOf } from './layout.ts'
import { type Kernels, logPeakWithin, type Mixture } from './mixture.ts'
import { countActive, emptyTables, optionLogs, sharedPeak } from './peaks.ts'
import { gapWidths } from './widths.ts'

/** The least width of a kernel (Optuna 5). */
const LEAST_WIDTH = 0.01

/** The density of the good trials, with what drawing from it needs. */
export interface GoodMixture extends Mixture {
  /** By kernel, one for each of the members, of mean 1; the prior has 1. */
  readonly weights: readonly number[]
  /** The probability that the normal of kernel k on axis d has below 0, and above 1, at k × dimensions + d. */
  readonly below: Float64Array
  readonly above: Float64Array
}

/**
 * The density of the good trials: kernels as wide as the gaps between their centres, so that it narrows as these gather. One
 * on cells is at least as wide as its own.
 * @param weights one for each of `trials`, of mean 1; the prior has 1
 */
export function goodMixture(
  { layout, points }: History,
  trials: readonly number[],
  weights: readonly number[],
): GoodMixture {
  const { tracks } = layout
  const dimensions = tracks.length
  const members = Array.from(trials.keys())
  const centres = new Float64Array(trials.length * dimensions)
  for (const [k, trial] of trials.entries()) {
    centres.set(points.subarray(trial * dimensions, (trial + 1) * dimensions), k * dimensions)
  }
  const inverses = new Float64Array(centres.length)
  const peaks = new Float64Array(centres.length)
  const below = new Float64Array(centres.length)
  const above = new Float64Array(centres.length)
  for (const track of tracks) {
    if (track.kind === 'options') continue
    const places: number[] = []
    const middles: number[] = []
    const onCells = track.kind === 'cells'
    for (let place = track.dimension; place < centres.length; place += dimensions) {
      const centre = centres[place] ?? Number.NaN
      if (Number.isNaN(centre)) continue
      places.push(place)
      middles.push(onCells ? middleOf(track, centre) : centre)
    }
    const widths = gapWidths(middles, LEAST_WIDTH)
    for (let i = 0; i < places.length; i++) {
      const place = places[i] ?? 0
      const middle = middles[i] ?? 0
      const inverse = 1 / Math.max(widths[i] ?? 1, onCells ? cellWidth(track, centres[place] ?? 0) : 0)
      const low = normalCdf(-middle * inverse)
      const high = normalCdf((middle - 1) * inverse)
      inverses[place] = inverse
      below[place] = low
      above[place] = high
      peaks[place] = onCells ? 0 : logPeakWithin(inverse, low, high)
    }
  }
  const kernels: Kernels = {
    layout,
    centres,
    inverses,
    stride: dimensions,
    peaks,
    ...optionLogs(tracks, countActive(layout, centres, members)),
    tables: emptyTables(layout, () => trials.length),
  }
  const heights = Float64Array.from(members, (k) => Math.log(weights[k] ?? 1) + sharedPeak(layout, peaks, k))
  return { kernels, members, heights, weights, below, above }
}
