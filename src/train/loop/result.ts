import type { Metrics } from '../../study/trial.ts'
import type { Goal } from '../../study/view.ts'
import type { Weight } from '../weights.ts'
import type { Reached } from './targets.ts'

/**
 * What is reported of an evaluation: `examples`, those trained on so far; `trainLoss`, the mean over the steps since the
 * evaluation before, with dropout on; the task's metrics, named after the data they are of (`validationLoss`,
 * `validationAccuracy`; `trainSetLoss` where the training set is evaluated too); and what the probes measure.
 * All losses and metrics of the task are NaN as soon as one loss is not finite.
 */
export type Evaluation = Metrics & {
  readonly step: number
  readonly examples: number
  readonly trainLoss: number
  readonly validationLoss: number
}

/** An evaluation that is among the best, with its weights. */
export interface Best {
  readonly step: number
  readonly examples: number
  /** Of the evaluation: what `run` may return. */
  readonly metrics: Metrics & { readonly trainLoss: number; readonly validationLoss: number }
  /** All parameters as they were evaluated: averaged where the optimizer averages. */
  readonly weights: readonly Weight[]
}

export interface TrainingResult {
  /**
   * `finished`: the budget is used up. `reached`: all targets are, and training was to stop there. `stopped`: the trial
   * asked for it. `diverged`: a loss was no longer finite, or far above where it began.
   */
  readonly outcome: 'finished' | 'reached' | 'stopped' | 'diverged'
  /** What `run` may return: the metrics of the best evaluation; when diverged all NaN, which makes a trial infeasible. */
  readonly metrics: Metrics
  /** Steps trained; when diverged, those before the evaluation that showed it. */
  readonly steps: number
  readonly examples: number
  /**
   * Of training, all attempts of the trial together, without saving and without evaluations; but on a GPU, where training
   * goes on while evaluations are computed, with those.
   */
  readonly seconds: number
  /** The metric that says which evaluation is best, as it is reported: `validationAccuracy`. */
  readonly metric: string
  readonly goal: Goal
  /** The evaluation with the best value of that metric, of those the one with the lowest loss; the first if equal. */
  readonly best?: Best
  /** The best evaluations, best first: as many as were to be kept. */
  readonly kept: readonly Best[]
  readonly last?: Evaluation
  /** All evaluations, in their order. */
  readonly curve: readonly Evaluation[]
  /** In the order of the targets that were given. */
  readonly targets: readonly Reached[]
}
