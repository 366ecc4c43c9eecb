import { checkPositive, checkWhole } from './check.ts'
import { scaled } from './scaled.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'
import { warmup } from './warmup.ts'

/** A learning rate that suits a batch size. */
export interface Reference {
  readonly rate: number
  readonly batchSize: number
}

/** The rate for another batch, in proportion to it: for SGD, as long as the batch is small. Goyal et al., arXiv 1706.02677. */
export function linearScaling(reference: Reference, batchSize: number): number {
  return reference.rate * ratio('linearScaling', reference, batchSize)
}

/**
 * The rate for another batch, with the root of it: for SGD where the noise is to stay (Hoffer et al., NeurIPS 2017),
 * and for Adam and its like (Malladi et al., NeurIPS 2022).
 */
export function squareRootScaling(reference: Reference, batchSize: number): number {
  return reference.rate * Math.sqrt(ratio('squareRootScaling', reference, batchSize))
}

export interface GradualWarmupConfig {
  /** The rate of the reference, to start from. */
  readonly from: number
  /** The rate for the larger batch. */
  readonly to: number
  /** Five epochs in the paper. */
  readonly steps: number
  /** What the rate is multiplied with after the warmup, by the steps of the whole. Default 1. */
  readonly schedule?: Schedule
}

/**
 * The rate itself: evenly from that of the reference up to that of the larger batch, then on by the schedule. No warmup where
 * the batch, and so the rate, is smaller. Goyal et al., arXiv 1706.02677, section 2.2.
 */
export function gradualWarmup({ from, to, steps, schedule = lambdaSchedule(() => 1) }: GradualWarmupConfig): Schedule {
  checkPositive('gradualWarmup.from', from)
  checkPositive('gradualWarmup.to', to)
  return scaled(to, warmup(schedule, { factor: Math.min(1, from / to), steps }))
}

function ratio(name: string, { rate, batchSize: before }: Reference, batchSize: number): number {
  checkPositive(`${name}.rate`, rate)
  checkWhole(`${name}.reference.batchSize`, before, 1)
  checkWhole(`${name}.batchSize`, batchSize, 1)
  return batchSize / before
}
