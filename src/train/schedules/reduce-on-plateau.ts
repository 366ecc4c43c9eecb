import { checkName, checkNumber, checkWhole } from './check.ts'

export interface ReduceOnPlateauConfig {
  /** Default `minimize`. */
  readonly goal?: 'minimize' | 'maximize'
  /** What a reduction multiplies with, in [0, 1]. Default 0.1. */
  readonly factor?: number
  /** Metrics in a row without an improvement that are put up with. Default 10. */
  readonly patience?: number
  /** How much better than the best an improvement is. Default 1e-4. */
  readonly threshold?: number
  /** Whether the threshold is a part of the best value or a difference. Default `relative`. */
  readonly thresholdMode?: 'relative' | 'absolute'
  /** Metrics after a reduction that are not counted. Default 0. */
  readonly cooldown?: number
  /** Default 0. */
  readonly minFactor?: number
  /** A reduction by no more than this is not made. Default 1e-8. */
  readonly epsilon?: number
}

/** Plain data, so that a checkpoint can hold it. */
export interface PlateauState {
  /** What updates are multiplied with: 1 before the first reduction. */
  readonly factor: number
  /** The best metric so far; null before the first finite one. */
  readonly best: number | null
  /** Metrics since then, or since the last reduction or the end of its cooldown. */
  readonly bad: number
  /** Metrics that are still not counted. */
  readonly cooldown: number
}

export interface ReduceOnPlateau {
  start(): PlateauState
  /** The state after one more metric. A metric that is not finite is no improvement. */
  observe(state: PlateauState, metric: number): PlateauState
}

/**
 * Reduces a factor when a metric has stopped improving: not a function of the step, so a state that goes from evaluation to
 * evaluation. ReduceLROnPlateau of PyTorch and OneFlow, whose min_lr and eps are `minFactor` and `epsilon` times the base rate.
 */
export function reduceOnPlateau(config: ReduceOnPlateauConfig = {}): ReduceOnPlateau {
  const { goal = 'minimize', factor = 0.1, patience = 10, threshold = 1e-4 } = config
  const { thresholdMode = 'relative', cooldown = 0, minFactor = 0, epsilon = 1e-8 } = config
  checkName('reduceOnPlateau.goal', goal, ['minimize', 'maximize'])
  checkNumber('reduceOnPlateau.factor', factor, 0, 1)
  checkWhole('reduceOnPlateau.patience', patience, 0)
  checkNumber('reduceOnPlateau.threshold', threshold, 0)
  checkName('reduceOnPlateau.thresholdMode', thresholdMode, ['relative', 'absolute'])
  checkWhole('reduceOnPlateau.cooldown', cooldown, 0)
  checkNumber('reduceOnPlateau.minFactor', minFactor, 0, 1)
  checkNumber('reduceOnPlateau.epsilon', epsilon, 0)
  const sign = goal === 'minimize' ? -1 : 1

  function isBetter(metric: number, best: number | null): boolean {
    if (!Number.isFinite(metric) || best === null) return Number.isFinite(metric)
    const bar = thresholdMode === 'relative' ? best * (1 + sign * threshold) : best + sign * threshold
    return sign * metric > sign * bar
  }

  function reduced(before: number): number {
    const after = Math.max(before * factor, minFactor)
    return before - after > epsilon ? after : before
  }

  return {
    start: () => ({ factor: 1, best: null, bad: 0, cooldown: 0 }),
    observe(state, metric) {
      const isImprovement = isBetter(metric, state.best)
      const best = isImprovement ? metric : state.best
      if (state.cooldown > 0) return { ...state, best, bad: 0, cooldown: state.cooldown - 1 }
      const bad = isImprovement ? 0 : state.bad + 1
      if (bad <= patience) return { ...state, best, bad }
      return { factor: reduced(state.factor), best, bad: 0, cooldown }
    },
  }
}
