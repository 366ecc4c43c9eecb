import type { Assignment } from '../space/params.ts'
import type { Metrics, Reason } from '../study/trial.ts'
import type { TrialView } from '../study/view.ts'

/** What a run tells whoever watches it: live views, logs, `--json`. */
export type Progress =
  | { readonly type: 'slots'; readonly slots: number }
  | {
      readonly type: 'started'
      readonly trial: number
      readonly attempt: number
      readonly trainer: number
      readonly params: Assignment
    }
  | {
      readonly type: 'measured'
      readonly trial: number
      readonly trainer: number
      readonly step: number
      readonly metrics: Metrics
    }
  | {
      readonly type: 'finished'
      readonly trial: TrialView
      readonly trainer: number | undefined
      readonly seconds: number
      readonly best: TrialView | undefined
      readonly isBest: boolean
      /** Trials with a final state, of this run and earlier ones. */
      readonly done: number
    }
  | {
      readonly type: 'lost'
      readonly trial: number
      readonly trainer: number | undefined
      readonly reason: Reason
      readonly again: boolean
    }
  /** Something about where trials run that the reader should know: said once. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'testing'; readonly trial: number }
  | { readonly type: 'tested'; readonly trial: number; readonly metrics: Metrics }
  | { readonly type: 'untested'; readonly trial: number; readonly reason: Reason }
