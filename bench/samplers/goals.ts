import { compare, meanRatio } from './compare.ts'
import type { Contest, Results } from './result.ts'
import { PLANS, type Plan } from './sections.ts'

export interface Verdict {
  readonly goal: string
  readonly aim: string
  readonly measured: string
  readonly met: boolean
}

/** A suggestion may take so much of the time of Optuna's. */
const TIME = 0.2
/** With 4 pending, so much of what is gained over Optuna one by one stays, in logarithms. */
const KEPT = 0.8
/** So much of what the heap held after half of the suggestions it may hold after the last. */
const GROWTH = 1.1

/** Holds what was measured against what is asked of samplers. What was not measured is left out. */
export function judge({ sections }: Results): Verdict[] {
  return [
    ...PLANS.flatMap((plan) => judgePlan(plan, sections[plan.name]?.contests ?? [])),
    ...(sections.speed?.speeds ?? []).flatMap(({ sampler, trials, seconds, peerSeconds, heapBytes: [half, last] }) => [
      ...(peerSeconds === null
        ? []
        : [
            {
              goal: `${sampler} with ${trials} trials: time, of Optuna's`,
              aim: `≤ ${TIME}`,
              measured: (seconds / peerSeconds).toPrecision(2),
              met: seconds <= TIME * peerSeconds,
            },
          ]),
      {
        goal: `${sampler} with ${trials} trials: heap after the last suggestion, of that after half of them`,
        aim: `≤ ${GROWTH}`,
        measured: (last / half).toFixed(2),
        met: last <= GROWTH * half,
      },
    ]),
  ]
}

function judgePlan(plan: Plan, contests: readonly Contest[]): Verdict[] {
  const [sampler = ''] = plan.samplers
  const verdicts: Verdict[] = []
  const gains = new Map<number, number>()
  for (const pending of plan.pending) {
    const held = contests.filter((contest) => contest.pending === pending)
    for (const trial of plan.at) {
      const comparisons = compare(held, sampler, trial, plan.floor, plan.against)
      if (comparisons.length === 0) continue
      const what = `${sampler}, ${plan.title.toLowerCase()}, ${trial} trials${pending > 1 ? `, ${pending} pending` : ''}`
      const wins = comparisons.filter((comparison) => comparison.wins).length
      verdicts.push({
        goal: `${what}: better than every sampler of Optuna's`,
        aim: `≥ ${plan.wins} of ${held.length}`,
        measured: `${wins} of ${comparisons.length}`,
        met: wins >= plan.wins,
      })
      const ratio = meanRatio(comparisons)
      gains.set(pending, -Math.log(ratio))
      if (plan.ratio === undefined) continue
      verdicts.push({
        goal: `${what}: of the best of Optuna's, geometric mean`,
        aim: `≤ ${plan.ratio}`,
        measured: `${ratio.toPrecision(2)} (${meanRatio(comparisons, 10).toPrecision(2)} with each held within 10 times)`,
        met: ratio <= plan.ratio,
      })
    }
  }
  const [alone, together] = [gains.get(1), gains.get(4)]
  if (alone !== undefined && together !== undefined) {
    verdicts.push({
      goal: `${sampler}, ${plan.title.toLowerCase()}: of the gain in log regret, kept with 4 pending`,
      aim: `≥ ${KEPT}`,
      measured: (together / alone).toFixed(2),
      met: alone > 0 && together >= KEPT * alone,
    })
  }
  return verdicts
}
