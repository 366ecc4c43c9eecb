import type { CurvePoint, StudyView, TrialView } from '../../study/view.ts'
import { lossOf } from '../observations.ts'
import { type Split, splitByLoss } from './split.ts'

/** A split by what trials had reached after the same training. */
export interface FidelitySplit extends Split {
  /** The training step; infinite where enough trials without a curve are complete. */
  readonly step: number
}

/**
 * Splits the trials by their values at the largest training step that at least `enough` of them got to, whatever their state,
 * or that any did where there are less (Falkner, Klein and Hutter 2018, section 4.1). Those stopped before it tell nothing
 * there; those on their way to it are pending.
 */
export function splitAtFidelity({ trials, goal }: StudyView, share: number, enough: number): FidelitySplit {
  const reached = Float64Array.from(trials, reachedBy).filter((step) => step >= 0)
  reached.sort().reverse()
  const step = reached[Math.min(enough, reached.length) - 1] ?? 0
  const loss = (trial: TrialView) => {
    if (reachedBy(trial) < step) return Number.NaN
    const value = trial.curve?.length ? valueAt(trial.curve, step) : trial.value
    return Number.isFinite(value) ? lossOf(goal, value ?? 0) : Number.NaN
  }
  const isBad = (trial: TrialView) =>
    trial.state === 'waiting' || trial.state === 'running' || trial.state === 'infeasible' || reachedBy(trial) >= step
  return { ...splitByLoss(trials, share, loss, isBad), step }
}

/** The last step that a trial has a value of; infinite for a complete one without a curve, -1 where there is none. */
function reachedBy({ state, curve, value }: TrialView): number {
  if (state === 'failed' || state === 'infeasible') return -1
  return curve?.at(-1)?.step ?? (state === 'complete' && value !== undefined ? Number.POSITIVE_INFINITY : -1)
}

/** The value at a step or the last one before it. */
function valueAt(curve: readonly CurvePoint[], step: number): number | undefined {
  return curve.findLast((point) => point.step <= step)?.value
}
