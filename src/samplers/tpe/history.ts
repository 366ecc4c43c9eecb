import type { Assignment } from '../../space/params.ts'
import type { Space } from '../../space/space.ts'
import { type Layout, layoutOf, placeOf } from './layout.ts'

/** Where trials lie, by number. Of use until the next one is asked for. */
export interface History {
  readonly layout: Layout
  /** How many trials there are. */
  readonly count: number
  /** Trial n has its point from n × dimensions on. There may be room for more. */
  readonly points: Float64Array
}

/**
 * A function from a space and the assignments of its trials to their history. A study asks it with the same assignments again
 * and again: those that are the objects they were are not looked at twice.
 * @param forget called when what is known of trials from a number on does not hold any more
 */
export function createHistories(
  forget: (from: number) => void,
): (space: Space, assignments: readonly Assignment[]) => History {
  let layout: Layout | undefined
  let points = new Float64Array()
  let known: readonly Assignment[] = []

  return (space, assignments) => {
    if (layout?.space !== space) {
      layout = layoutOf(space)
      known = []
    }
    const dimensions = layout.tracks.length
    let kept = 0
    while (kept < known.length && known[kept] === assignments[kept]) kept++
    if (points.length < assignments.length * dimensions) {
      const wider = new Float64Array(2 * assignments.length * dimensions)
      wider.set(points.subarray(0, kept * dimensions))
      points = wider
    }
    for (let n = kept; n < assignments.length; n++) points.set(placeOf(layout, assignments[n] ?? {}), n * dimensions)
    known = assignments.slice()
    forget(kept)
    return { layout, count: assignments.length, points }
  }
}
