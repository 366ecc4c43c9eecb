import type { TrialView } from '../../study/view.ts'
import type { Taken } from '../distinct.ts'
import type { History } from './history.ts'
import { placeOf } from './layout.ts'

/**
 * Whether a trial that has not failed lies at a point. A failed one does not count: its code was at fault.
 * @param first where the study's own trials begin in the history
 */
export function isTaken(
  { points, count }: History,
  trials: readonly TrialView[],
  first: number,
  point: Float64Array,
): boolean {
  for (let n = first; n < count; n++) {
    if (isAt(points, n * point.length, point) && trials[n - first]?.state !== 'failed') return true
  }
  return false
}

/**
 * What has been suggested, by looking along the points of the latest history: quicker than keys for so few questions. What
 * is added shows up with the next history.
 */
export function takenAmong(trials: readonly TrialView[], first: number, latest: () => History): Taken {
  return {
    has: (assignment) => isTaken(latest(), trials, first, placeOf(latest().layout, assignment)),
    add() {},
  }
}

function isAt(points: Float64Array, start: number, place: Float64Array): boolean {
  for (let d = 0; d < place.length; d++) {
    const [there, here] = [points[start + d] ?? 0, place[d] ?? 0]
    // NaN is where both are not active.
    if (there !== here && !(Number.isNaN(there) && Number.isNaN(here))) return false
  }
  return true
}
