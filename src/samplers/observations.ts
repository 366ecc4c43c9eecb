import { type Goal, isBetter, type StudyView, type TrialView } from '../study/view.ts'
import { type Axis, type Point, pointOf } from './axes.ts'

/** A study's trials as a model-based sampler needs them. */
export interface Observations {
  /** Trials with a value, by number. `y` is to be minimised, whatever the study's goal. */
  readonly known: readonly { readonly trial: TrialView; readonly point: Point; readonly y: number }[]
  /** Suggested, without an outcome yet. */
  readonly pending: readonly Point[]
  /** Could not be evaluated: infeasible, by the parameters. Failed trials are left out, as their code was at fault. */
  readonly infeasible: readonly Point[]
}

/** Splits the trials of a view. Values that are not finite count as infeasible. */
export function observe({ trials, goal }: StudyView, axes: readonly Axis[]): Observations {
  const known: { trial: TrialView; point: Point; y: number }[] = []
  const pending: Point[] = []
  const infeasible: Point[] = []
  for (const trial of trials) {
    if (trial.state === 'failed') continue
    const point = pointOf(axes, trial.params)
    if (trial.state === 'waiting' || trial.state === 'running') pending.push(point)
    else if (trial.state === 'infeasible' || !Number.isFinite(trial.value)) infeasible.push(point)
    else known.push({ trial, point, y: lossOf(goal, trial.value ?? Number.NaN) })
  }
  return { known, pending, infeasible }
}

/** A value turned so that less is better. */
export function lossOf(goal: Goal, value: number): number {
  return isBetter(goal, 0, 1) ? value : -value
}
