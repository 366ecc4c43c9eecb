import { median } from '../../numerics/quantile.ts'

/**
 * The time of a workload whose tuning is part of the contest: of each study the fastest trial, of the studies the median
 * (AlgoPerf's external tuning: 5 trials in each of 3 studies). Infinity where the median study missed the target.
 * @param studies for each study the times of its trials, Infinity for a miss
 * @returns NaN without a study
 */
export function tunedTime(studies: readonly (readonly number[])[]): number {
  return median(studies.map((trials) => Math.min(...trials)))
}
