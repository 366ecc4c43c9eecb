import type { TrialRecord } from '../study/record.ts'
import { hasValue, isBetter } from '../study/view.ts'
import type { ReportInput } from './input.ts'

export interface BestSoFar {
  readonly trial: TrialRecord
  /** The best value of this trial and those before it. */
  readonly bestSoFar: number | undefined
  /** Whether the trial beat all before it; the first with a value does. */
  readonly improves: boolean
}

/** Every trial by number, with the best value up to it. */
export function withBestSoFar({ trials, goal }: ReportInput): BestSoFar[] {
  let bestSoFar: number | undefined
  return trials.map((trial) => {
    const improves = hasValue(trial) && (bestSoFar === undefined || isBetter(goal, trial.value, bestSoFar))
    if (improves) bestSoFar = trial.value
    return { trial, bestSoFar, improves }
  })
}
