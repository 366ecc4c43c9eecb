import type { Random } from '../numerics/random.ts'
import type { Assignment } from '../space/params.ts'
import type { StudyView } from './view.ts'

/** Decides what to try next. Pure: what it suggests follows from the view and the random streams alone. */
export interface Sampler {
  readonly name: string
  /** Throws a typed error when it cannot work on the view's space at all. Called once, before the first suggestion. */
  check?(view: StudyView): void
  /**
   * Assignments for the trials numbered `view.trials.length` and following, at most `count` of them. Fewer mean that the
   * space is exhausted. `random(number)` is the stream of the trial with that number.
   */
  suggest(view: StudyView, count: number, random: (trial: number) => Random): Assignment[]
}
