import type { Goal } from '../../study/view.ts'
import { isBetter } from './kept.ts'
import type { Best, TrainingResult } from './result.ts'

/** Which of the evaluations that were kept to take. */
export interface CheckpointRule {
  /** A metric as it is reported. Default: the one that they were kept by. */
  readonly metric?: string
  /** Whether less of it is better. Default: as for the metric that they were kept by. */
  readonly goal?: Goal
  /** Only those at or before this step: as if training had been given no more. */
  readonly steps?: number
  /** Only those after no more examples. */
  readonly examples?: number
}

/**
 * The best of the evaluations that training kept, under a rule that is chosen in retrospect (tuning playbook, "choosing a
 * checkpoint"). Undefined where none of them fits: `keep` more.
 */
export function chooseCheckpoint(
  { kept, metric, goal }: Pick<TrainingResult, 'kept' | 'metric' | 'goal'>,
  rule: CheckpointRule = {},
): Best | undefined {
  const { steps = Number.POSITIVE_INFINITY, examples = Number.POSITIVE_INFINITY } = rule
  const order = { metric: rule.metric ?? metric, goal: rule.goal ?? goal }
  let chosen: Best | undefined
  for (const each of kept.toSorted((a, b) => a.step - b.step)) {
    if (each.step > steps || each.examples > examples) continue
    if (!chosen || isBetter(order, each, chosen)) chosen = each
  }
  return chosen
}
