import { paretoFront } from '../numerics/pareto.ts'
import type { TrialRecord } from '../study/record.ts'
import { hasValue, isBetter, type Objective } from '../study/view.ts'
import type { ReportInput } from './input.ts'

/** A trial with a finite value of every objective. */
export interface TradeOff {
  readonly trial: TrialRecord
  /** One value for each objective, in their order. */
  readonly values: readonly number[]
  /** Whether no other trial is as good in every objective and better in one. */
  readonly isOnFront: boolean
}

/** What a study with several objectives found, best value of the first one first; none for a study with one. */
export function tradeOffs({ trials, view: { objectives = [] } }: Pick<ReportInput, 'trials' | 'view'>): TradeOff[] {
  const [first] = objectives
  if (!first) return []
  const found = trials.filter(hasValue).flatMap((trial) => {
    const values = objectives.map(({ metric }) => trial.metrics?.[metric] ?? Number.NaN)
    return values.every(Number.isFinite) ? [{ trial, values }] : []
  })
  const front = new Set(paretoFront(found.map(({ values }) => values.map((value, i) => lossOf(objectives[i], value)))))
  return found
    .map((tradeOff, index) => ({ ...tradeOff, isOnFront: front.has(index) }))
    .sort((a, b) => lossOf(first, a.values[0] ?? 0) - lossOf(first, b.values[0] ?? 0))
}

function lossOf(objective: Objective | undefined, value: number): number {
  return objective && isBetter(objective.goal, 1, 0) ? -value : value
}
