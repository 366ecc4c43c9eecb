import type { Losses } from '../../numerics/pareto.ts'
import type { Objective } from '../../study/view.ts'
import { lossOf } from '../observations.ts'

/**
 * The point from which hypervolume is measured: what the study says, else as far beyond the worst of the front, in each
 * objective, as a share of the range of all trials. (Of the front's own range, a front that has shrunk to a corner stays there.)
 * @param front the losses of the best trade-offs, at least one
 * @param all those of all trials
 * @param reach the share
 */
export function referenceOf(
  objectives: readonly Objective[],
  front: readonly Losses[],
  all: readonly Losses[],
  reach: number,
): Float64Array {
  const found = Float64Array.from(objectives, (_, k) => {
    const [lowest, highest] = rangeOf(all, k)
    return rangeOf(front, k)[1] + ((highest - lowest) * reach || 1)
  })
  const stated = found.map((value, k) => {
    const { goal = 'minimize', reference } = objectives[k] ?? {}
    return reference === undefined ? value : lossOf(goal, reference)
  })
  // As long as nothing is good enough, it would tell nothing apart.
  const isReached = front.some((losses) => stated.every((value, k) => (losses[k] ?? value) < value))
  return isReached ? stated : found.map((value, k) => Math.max(value, stated[k] ?? value))
}

function rangeOf(points: readonly Losses[], k: number): [number, number] {
  const values = points.map((losses) => losses[k] ?? 0)
  return [
    values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ]
}
