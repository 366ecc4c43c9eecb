import type { Schedule } from '../schedules/schedule.ts'

/** How long to train, in batches of what size. */
export interface Budget {
  /** Steps to train. */
  readonly steps?: number
  /** Examples to train on, one counting each time that it comes: as many whole batches as fit. */
  readonly examples?: number
  /** Rows a step. */
  readonly batchSize: number | Schedule
}

/** The rows of the next step; 0 when the budget is used up. */
export function nextBatchSize(
  { steps = Number.POSITIVE_INFINITY, examples = Number.POSITIVE_INFINITY, batchSize }: Budget,
  done: { readonly step: number; readonly examples: number },
): number {
  if (done.step >= steps) return 0
  const size = typeof batchSize === 'number' ? batchSize : batchSize(done.step)
  return done.examples + size <= examples ? size : 0
}
