import type { Lease } from '../store/lease.ts'
import type { Store } from '../store/store.ts'
import type { StudyRecord } from '../study/record.ts'
import type { Metrics, Outcome } from '../study/trial.ts'
import type { TrialView } from '../study/view.ts'
import type { Progress } from './progress.ts'
import { CRASHES } from './tolerated.ts'

/** The test of the best trial once all others have ended: the one place where the test split is read. */
export interface FinalTest {
  /** What it found, once it is over. */
  readonly metrics: Metrics | undefined
  /** Which attempt at the test of a trial is to be made now; undefined when there is none to make. */
  next(winner: TrialView): number | undefined
  finish(trial: number, outcome: Outcome): void
}

export interface FinalTestOptions {
  readonly store: Store
  readonly lease: Lease
  readonly record: StudyRecord
  onProgress(progress: Progress): void
}

export function createFinalTest({ store, lease, record, onProgress }: FinalTestOptions): FinalTest {
  let attempts = 0
  let isOver = false
  let metrics: Metrics | undefined

  return {
    get metrics() {
      return metrics
    },
    next({ number }) {
      if (isOver) return undefined
      if (record.test?.trial === number) {
        metrics = record.test.metrics
        return undefined
      }
      if (attempts++ === 0) onProgress({ type: 'testing', trial: number })
      return attempts
    },
    finish(trial, outcome) {
      if (outcome.type === 'complete' || outcome.type === 'stopped') {
        isOver = true
        metrics = outcome.metrics
        store.recordTest(lease, trial, metrics)
        onProgress({ type: 'tested', trial, metrics })
        return
      }
      if (outcome.type === 'lost' && attempts < CRASHES) return
      isOver = true
      onProgress({ type: 'untested', trial, reason: outcome.reason })
    },
  }
}
