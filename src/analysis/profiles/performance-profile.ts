/** Where a profile rises: from this ratio on, the share of workloads solved within it. */
export interface ProfileStep {
  readonly ratio: number
  readonly share: number
}

/**
 * rho(tau), the share of workloads on which a submission took at most tau times as long as the fastest (Dolan and Moré
 * 2002), as the steps of its graph by ascending ratio. It is 0 below the first.
 * @param ratios one for each workload, at least one, from 1; Infinity for a miss
 */
export function performanceProfile(ratios: readonly number[]): ProfileStep[] {
  const reached = ratios.filter(Number.isFinite)
  return [...new Set(reached)]
    .sort((a, b) => a - b)
    .map((ratio) => ({ ratio, share: reached.filter((each) => each <= ratio).length / ratios.length }))
}

/** rho(tau) itself. */
export function profileAt(profile: readonly ProfileStep[], tau: number): number {
  return profile.findLast(({ ratio }) => ratio <= tau)?.share ?? 0
}
