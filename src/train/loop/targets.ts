import type { Metrics } from '../../study/trial.ts'

/** A value of a metric, named as it is reported, that training is to reach: `{ metric: 'validationLoss', atMost: 0.2 }`. */
export type Target = { readonly metric: string } & ({ readonly atMost: number } | { readonly atLeast: number })

/** What it took to reach a target, as the first evaluation that reached it has it; all infinite while none has. */
export interface Reached {
  readonly target: Target
  readonly steps: number
  readonly examples: number
  /** Of training, without evaluations. */
  readonly seconds: number
}

export function notReached(target: Target): Reached {
  return {
    target,
    steps: Number.POSITIVE_INFINITY,
    examples: Number.POSITIVE_INFINITY,
    seconds: Number.POSITIVE_INFINITY,
  }
}

export function isReached({ steps }: Reached): boolean {
  return steps < Number.POSITIVE_INFINITY
}

/** The targets after an evaluation. One that was reached before stays as it is. */
export function updateTargets(
  reached: readonly Reached[],
  metrics: Metrics,
  cost: Omit<Reached, 'target'>,
): readonly Reached[] {
  return reached.map((each) => (!isReached(each) && holds(each.target, metrics) ? { ...each, ...cost } : each))
}

function holds(target: Target, metrics: Metrics): boolean {
  const value = metrics[target.metric] ?? Number.NaN
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}
