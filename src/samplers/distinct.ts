import { DynotuneError } from '../errors.ts'
import type { Assignment } from '../space/params.ts'
import type { StudyView, TrialView } from '../study/view.ts'

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
  const { times } = tallyOf(trials)
  const added = new Set<string>()
  return {
    has: (assignment) => times.has(keyOf(assignment)) || added.has(keyOf(assignment)),
    add: (assignment) => void added.add(keyOf(assignment)),
  }
}

interface Tally {
  /** How many trials there are of each assignment. */
  readonly times: Map<string, number>
  /** What is counted of each trial. */
  readonly counted: (Assignment | undefined)[]
}

/** A study's list grows and changes little between two suggestions, each of which wants all of it. */
const tallies = new WeakMap<readonly TrialView[], Tally>()

function tallyOf(trials: readonly TrialView[]): Tally {
  const tally = tallies.get(trials) ?? { times: new Map(), counted: [] }
  tallies.set(trials, tally)
  const { times, counted } = tally
  for (let i = 0; i < Math.max(trials.length, counted.length); i++) {
    const trial = trials[i]
    const now = trial?.state === 'failed' ? undefined : trial?.params
    const before = counted[i]
    if (now === before) continue
    if (before) count(times, keyOf(before), -1)
    if (now) count(times, keyOf(now), 1)
    counted[i] = now
  }
  counted.length = trials.length
  return tally
}

function count(times: Map<string, number>, key: string, change: number): void {
  const sum = (times.get(key) ?? 0) + change
  if (sum > 0) times.set(key, sum)
  else times.delete(key)
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
