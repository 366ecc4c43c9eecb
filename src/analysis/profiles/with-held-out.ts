import { MAX_RATIO } from './benchmark-score.ts'
import { type TargetTimes, timeOf } from './target-times.ts'
import { timeRatios } from './time-ratios.ts'

/**
 * The times on the base workloads after their held-out variants: a submission that misses a variant, or takes more than
 * `maxRatio` times as long on it as the fastest, counts as having missed the base workload too (the rules of AlgoPerf v0.5).
 * @param variants base workload to its held-out variants; those without any stay as they are
 */
export function withHeldOut(
  times: TargetTimes,
  variants: { readonly [workload: string]: readonly string[] },
  maxRatio = MAX_RATIO,
): TargetTimes {
  const heldOut = new Map(
    Object.values(variants)
      .flat()
      .map((variant) => [variant, timeRatios(times, [variant])]),
  )
  const isMissed = (submission: string, variant: string) => {
    const ratios = heldOut.get(variant)?.[submission]
    return ratios?.known === true && !((ratios.value[variant] ?? Number.NaN) <= maxRatio)
  }
  return Object.fromEntries(
    Object.keys(times).map((submission) => [
      submission,
      Object.fromEntries(
        Object.entries(variants).flatMap(([workload, held]) => {
          const time = timeOf(times[submission], workload)
          const isKnown = time !== undefined && held.every((each) => timeOf(times[submission], each) !== undefined)
          if (held.some((variant) => isMissed(submission, variant))) return [[workload, Number.POSITIVE_INFINITY]]
          return isKnown ? [[workload, time]] : []
        }),
      ),
    ]),
  )
}
