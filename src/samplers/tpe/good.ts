import type { History } from './history.ts'
import { cellWidth, middleOf } from './layout.ts'
import { type Kernels, logPeak, type Mixture } from './mixture.ts'
import { countActive, emptyTables, optionLogs, sharedPeak } from './peaks.ts'
import { gapWidths } from './widths.ts'

/** The least width of a kernel (Optuna 5). */
const LEAST_WIDTH = 0.01

/**
 * The density of the good trials: kernels as wide as the gaps between their centres, so that it narrows as these gather. One
 * on cells is at least as wide as its own.
 * @param weights one for each of `trials`, of mean 1; the prior has 1
 */
export function goodMixture(
  { layout, points }: History,
  trials: readonly number[],
  weights: readonly number[],
): Mixture {
  const { tracks } = layout
  const dimensions = tracks.length
  const members = Array.from(trials.keys())
  const centres = new Float64Array(trials.length * dimensions)
  for (const [k, trial] of trials.entries()) {
    centres.set(points.subarray(trial * dimensions, (trial + 1) * dimensions), k * dimensions)
  }
  const inverses = new Float64Array(centres.length)
  const peaks = new Float64Array(centres.length)
  for (const track of tracks) {
    if (track.kind === 'options') continue
    const places = members.map((k) => k * dimensions + track.dimension).filter((place) => !Number.isNaN(centres[place]))
    const onCells = track.kind === 'cells'
    const middles = places.map((place) => (onCells ? middleOf(track, centres[place] ?? 0) : (centres[place] ?? 0)))
    const widths = gapWidths(middles, LEAST_WIDTH)
    for (const [i, place] of places.entries()) {
      const inverse = 1 / Math.max(widths[i] ?? 1, onCells ? cellWidth(track, centres[place] ?? 0) : 0)
      inverses[place] = inverse
      peaks[place] = onCells ? 0 : logPeak(middles[i] ?? 0, inverse)
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
  return { kernels, members, heights }
}
