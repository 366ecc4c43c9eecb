import type { Finding } from '../finding.ts'
import {
  type Branch,
  type LocalCriticalBatch,
  type LocalCriticalBatchOptions,
  localCriticalBatch,
} from './local-critical-batch.ts'

export interface Checkpoint extends LocalCriticalBatchOptions {
  readonly step: number
  readonly branches: readonly Branch[]
}

export interface CriticalBatchAt {
  readonly step: number
  readonly found: Finding<LocalCriticalBatch>
}

/** The local critical batch size at each of several checkpoints, by ascending step. */
export function criticalBatchOverTraining(checkpoints: readonly Checkpoint[]): CriticalBatchAt[] {
  return checkpoints
    .toSorted((a, b) => a.step - b.step)
    .map(({ step, branches, ...options }) => ({ step, found: localCriticalBatch(branches, options) }))
}
