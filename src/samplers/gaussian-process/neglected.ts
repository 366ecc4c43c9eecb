import type { Point } from '../axes.ts'
import type { Data } from './surrogate.ts'

/** One option of one unordered axis, which a search is held to. */
export interface Pin {
  readonly dimension: number
  readonly option: number
}

/** Of its part of the trials, what an option is tried for before it may be given up. */
const SHARE = 0.5

/**
 * The option that has had least of its share of the trials, or undefined when each has had it: half of what it
 * would get if all options were tried alike.
 * @param turn how often this was asked before: of options alike, another comes first each time
 */
export function neglected({ axes, columns, tried, pending }: Data, best: Point, turn: number): Pin | undefined {
  const all = [...tried, ...pending]
  let found: Pin | undefined
  let least = 1
  axes.forEach(({ kind, size }, dimension) => {
    if (kind !== 'unordered' || !columns.isActive(best, dimension)) return
    const counts = new Float64Array(size)
    for (const point of all) {
      const option = point[dimension] ?? 0
      if (columns.isActive(point, dimension)) counts[option] = (counts[option] ?? 0) + 1
    }
    for (let i = 0; i < size; i++) {
      const option = (i + turn) % size
      if (option === best[dimension]) continue
      const part = (counts[option] ?? 0) / ((SHARE * all.length) / size)
      if (part < least) {
        least = part
        found = { dimension, option }
      }
    }
  })
  return found
}
