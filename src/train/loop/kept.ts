import type { Goal } from '../../study/view.ts'
import type { Best } from './result.ts'

/** What says which of two evaluations is better. */
export interface Order {
  /** As it is reported. */
  readonly metric: string
  readonly goal: Goal
}

type Evaluated = Pick<Best, 'metrics'>

/** Whether `a` is strictly better than `b`: by the metric, then by validation loss. A metric that is not a number is worst. */
export function isBetter({ metric, goal }: Order, a: Evaluated, b: Evaluated): boolean {
  const value = ({ metrics }: Evaluated) => {
    const value = metrics[metric] ?? Number.NaN
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : goal === 'maximize' ? value : -value
  }
  return value(a) === value(b) ? a.metrics.validationLoss < b.metrics.validationLoss : value(a) > value(b)
}

/** Where an evaluation belongs among those that are kept, best first; of equals the earlier comes first. */
export function rankOf(order: Order, kept: readonly Evaluated[], candidate: Evaluated): number {
  const place = kept.findIndex((each) => isBetter(order, candidate, each))
  return place < 0 ? kept.length : place
}
