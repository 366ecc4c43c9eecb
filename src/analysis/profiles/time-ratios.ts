import { type Finding, known, unknown } from '../finding.ts'
import { type TargetTimes, timeOf, workloadsOf } from './target-times.ts'

/** By submission: on each workload, how many times as long it took as the fastest; 1 for the fastest, Infinity for a miss. */
export type TimeRatios = { readonly [submission: string]: Finding<{ readonly [workload: string]: number }> }

/**
 * r = t / min t over the submissions, for each workload (Dolan and Moré, "Benchmarking optimization software with
 * performance profiles", Math. Program. 91, 2002; AlgoPerf, arXiv 2306.07179). Equal times tie. A workload whose target all
 * missed is missed by all. A submission that was not run on a workload has no ratios, and does not keep the others from theirs.
 * @param workloads default: all that some submission has
 */
export function timeRatios(times: TargetTimes, workloads: readonly string[] = workloadsOf(times)): TimeRatios {
  const names = Object.keys(times)
  const fastest = new Map(
    workloads.map((workload) => [
      workload,
      names.reduce((least, name) => Math.min(least, timeOf(times[name], workload) ?? least), Number.POSITIVE_INFINITY),
    ]),
  )
  return Object.fromEntries(names.map((name) => [name, ratiosOf(name)]))

  function ratiosOf(name: string): Finding<{ readonly [workload: string]: number }> {
    if (workloads.length === 0) return unknown('There are no workloads.')
    const missing = workloads.filter((workload) => timeOf(times[name], workload) === undefined)
    if (missing.length > 0) return unknown(`No time of ${name} is known on ${missing.join(', ')}.`)
    return known(
      Object.fromEntries(
        workloads.map((workload) => [
          workload,
          ratio(timeOf(times[name], workload) ?? Number.NaN, fastest.get(workload) ?? Number.NaN),
        ]),
      ),
    )
  }
}

function ratio(time: number, fastest: number): number {
  if (time === Number.POSITIVE_INFINITY) return time
  return time === fastest ? 1 : time / fastest
}
