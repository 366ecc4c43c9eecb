import type { FinalState, Metrics, Reason } from '../study/trial.ts'

/** The outcome of a trial where it is more than a number. */
export interface Told {
  readonly state: FinalState
  /** With the study's metric and all objectives among them when the state is `complete` or `stopped`. */
  readonly values?: Metrics
  readonly reason?: Reason
}
