import { checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

/** A schedule as a batch size: rounded, and at least 1. */
export function batchSizeSchedule(schedule: Schedule): Schedule {
  return lambdaSchedule((step) => Math.max(1, Math.round(schedule(step))))
}

export interface GrowBatchConfig {
  /** The factor that the rate would have: from 1 downwards. */
  readonly decay: Schedule
  /** Where the batch starts. */
  readonly batchSize: number
  /** What the memory or the data allow, at least `batchSize`. */
  readonly maxBatchSize: number
}

/**
 * Grows the batch where the rate would decay: the batch is divided by the factor `decay` until it is as large as it may be,
 * and from there on the rate decays. What rounding leaves goes into the rate too, so that rate / batch, and with it the noise
 * scale ε N / B, is at every step what it would be with the decay. Smith et al., ICLR 2018.
 * @returns the batch size, and the factor of the base rate
 */
export function growBatch({ decay, batchSize, maxBatchSize }: GrowBatchConfig): {
  readonly batchSize: Schedule
  readonly rate: Schedule
} {
  checkWhole('growBatch.batchSize', batchSize, 1)
  checkWhole('growBatch.maxBatchSize', maxBatchSize, batchSize)
  const size = batchSizeSchedule((step) => Math.min(maxBatchSize, batchSize / decay(step)))
  return { batchSize: size, rate: lambdaSchedule((step) => (decay(step) * size(step)) / batchSize) }
}
