import { DynotuneError } from '../errors.ts'
import type { Assignment } from '../space/params.ts'
import type { StudyView } from '../study/view.ts'

/** Draws after which a sampler's own choice counts as unable to avoid what has been tried. */
const DRAWS = 64
/** The largest space in which what is left is looked for one by one. */
const LISTED = 4096

/** What has been suggested so far, in a view and since. */
export interface Taken {
  has(assignment: Assignment): boolean
  add(assignment: Assignment): void
}

/** The assignments of a view's trials. A trial that failed is not one of them: its code was at fault. */
export function takenIn({ trials }: StudyView): Taken {
  const taken = new Set(trials.filter(({ state }) => state !== 'failed').map(({ params }) => keyOf(params)))
  return {
    has: (assignment) => taken.has(keyOf(assignment)),
    add: (assignment) => void taken.add(keyOf(assignment)),
  }
}

/**
 * The first of the draws that is allowed and has not been taken, which it then is. When draws repeat themselves, the values
 * that a small finite space has left come in their order, starting at a place that the draws decide; when there are none, or
 * the space is large, a repetition is given, which noise makes worth while.
 * @param draw the draw numbered from 0; must vary with the number, or nothing is gained by asking again
 * @throws DynotuneError `sampler.constraints` when no draw is allowed
 */
export function drawDistinct(view: StudyView, taken: Taken, draw: (attempt: number) => Assignment): Assignment {
  const { space, allows = () => true } = view
  let repeated: Assignment | undefined
  for (let attempt = 0; attempt < DRAWS; attempt++) {
    const assignment = draw(attempt)
    if (!allows(assignment)) continue
    if (!taken.has(assignment)) return take(taken, assignment)
    repeated ??= assignment
  }
  if (space.size <= LISTED) {
    for (let index = 0; index < space.size; index++) {
      const assignment = space.at(index)
      if (allows(assignment) && !taken.has(assignment)) return take(taken, assignment)
      if (allows(assignment)) repeated ??= assignment
    }
  } else {
    for (let attempt = DRAWS; attempt < 100 * DRAWS && !repeated; attempt++) {
      const assignment = draw(attempt)
      if (allows(assignment)) repeated = take(taken, assignment)
    }
  }
  if (repeated) return repeated
  throw new DynotuneError('sampler.constraints', 'No assignment was found that the study allows.', {
    path: 'study.allows',
    remedy: 'check the function with parameters that you know to be good, or narrow the space instead',
  })
}

function take(taken: Taken, assignment: Assignment): Assignment {
  taken.add(assignment)
  return assignment
}

/** Keys by assignment, which never changes: every suggestion asks for those of all trials again. */
const keys = new WeakMap<Assignment, string>()

/** Equal for equal assignments, in whatever order their parameters are written. */
export function keyOf(assignment: Assignment): string {
  const known = keys.get(assignment)
  if (known !== undefined) return known
  const key = JSON.stringify(Object.entries(assignment).sort(([a], [b]) => (a < b ? -1 : 1)))
  keys.set(assignment, key)
  return key
}
