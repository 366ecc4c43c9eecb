import { type Finding, known, unknown } from '../finding.ts'
import { timeOf, type WorkloadTimes } from './target-times.ts'

/**
 * How many times as fast a submission is as another: the geometric mean over the workloads of the quotients of their times,
 * where a target that was missed counts as reached one unit of time after the longest budget (AlgoPerf v0.5). The cost of a
 * miss is thus a convention: where there are misses, read the speed-up beside the profile.
 * @param budgets the longest time that a submission had on each workload
 */
export function speedUp(
  of: WorkloadTimes,
  against: WorkloadTimes,
  budgets: { readonly [workload: string]: number },
): Finding<number> {
  const workloads = Object.keys(budgets).sort()
  if (workloads.length === 0) return unknown('There are no workloads.')
  let sum = 0
  for (const workload of workloads) {
    const missed = (budgets[workload] ?? Number.NaN) + 1
    const [time, other] = [timeOf(of, workload), timeOf(against, workload)]
    if (time === undefined || other === undefined || !Number.isFinite(missed)) {
      return unknown(`Not both times, or no budget, are known on ${workload}.`)
    }
    const logarithm = Math.log((other < missed ? other : missed) / (time < missed ? time : missed))
    if (time !== other && !Number.isFinite(logarithm)) return unknown(`A target was reached in no time on ${workload}.`)
    sum += time === other ? 0 : logarithm
  }
  return known(Math.exp(sum / workloads.length))
}
