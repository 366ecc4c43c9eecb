import type { Losses } from '../../numerics/pareto.ts'

/**
 * How alone each point of a front is: the sum over objectives of the gap between its two neighbours, in shares of the
 * front's range; infinite at the ends (Deb et al. 2002, section III-B).
 */
export function crowdingDistances(front: readonly Losses[]): Float64Array {
  const distances = new Float64Array(front.length)
  const objectives = front[0]?.length ?? 0
  for (let k = 0; k < objectives; k++) {
    const value = (index: number | undefined) => front[index ?? -1]?.[k] ?? 0
    const order = [...front.keys()].sort((a, b) => value(a) - value(b))
    const range = value(order.at(-1)) - value(order[0])
    order.forEach((index, i) => {
      const isEnd = i === 0 || i === order.length - 1
      const gap = isEnd ? Number.POSITIVE_INFINITY : range > 0 ? (value(order[i + 1]) - value(order[i - 1])) / range : 0
      distances[index] = (distances[index] ?? 0) + gap
    })
  }
  return distances
}
