/**
 * The time (any unit, the same throughout a workload) that each submission took to a workload's target: Infinity where it
 * missed the target; absent, or not a number from 0, where nobody knows.
 */
export type TargetTimes = { readonly [submission: string]: WorkloadTimes }

export type WorkloadTimes = { readonly [workload: string]: number }

/** All workloads that some submission has a time of, by name. */
export function workloadsOf(times: TargetTimes): string[] {
  return [...new Set(Object.values(times).flatMap((each) => Object.keys(each)))].sort()
}

/** The time, or undefined where nobody knows. */
export function timeOf(times: WorkloadTimes | undefined, workload: string): number | undefined {
  const time = times && Object.hasOwn(times, workload) ? times[workload] : undefined
  return time !== undefined && time >= 0 ? time : undefined
}
