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
  /** Whether suggestions follow from the outcomes of earlier trials: then fewer are asked for ahead. Default: false. */
  readonly adaptive?: boolean
  /**
   * For each of the suggestions that `suggest` makes of the same arguments, the trial from whose checkpoint it begins, or
   * undefined for a start of its own. Default: none has one.
   */
  parents?(view: StudyView, count: number, random: (trial: number) => Random): (number | undefined)[]
  /** Whether it looks at the curves of trials, which are held in memory only for those who do. Default: false. */
  readonly usesCurves?: boolean
  /** The trials whose checkpoints later ones may begin from, so that they are kept. Default: none. */
  keeps?(view: StudyView): readonly number[]
  /** What it did in this study and why, in a sentence or a few, for the report. */
  explain?(view: StudyView): string
}
