import type { StudyView, TrialView } from './view.ts'

/** Decides whether a running trial is worth going on with. Pure: it sees the curves of the view and nothing else. */
export interface Pruner {
  readonly name: string
  /** Throws a typed error when it cannot work for the view's study at all. Called once, before the first trial. */
  check?(view: StudyView): void
  /**
   * Called when `trial`, a running one, has reported at a new step: the last point of its curve. All curves of the view are
   * of the study's metric.
   */
  decide(trial: TrialView, view: StudyView): PrunerDecision
}

export type PrunerDecision = { readonly stop: false } | { readonly stop: true; readonly because: string }
