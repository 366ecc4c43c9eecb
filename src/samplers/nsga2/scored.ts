import type { Objective, StudyView, TrialView } from '../../study/view.ts'
import { lossOf } from '../observations.ts'

/** A trial that has ended, by what it is worth. */
export interface Scored {
  readonly number: number
  readonly trial: TrialView
  /** One for each objective, all to be minimised; absent where the trial could not be evaluated. */
  readonly losses?: Float64Array
  /** 0 when feasible, else how far beyond the study's bounds: infinite where the trial could not be evaluated. */
  readonly violation: number
}

/** What a study looks for the best trade-off between: its metric alone where it names no objectives. */
export function objectivesOf({ objectives, metric, goal }: StudyView): readonly Objective[] {
  return objectives ?? [{ metric, goal }]
}

/** The trials of a view that have ended, by number. Failed ones are left out, as their code was at fault. */
export function scoredTrials(view: StudyView): Scored[] {
  const objectives = objectivesOf(view)
  const excesses = excessesOf(view)
  return view.trials
    .filter(({ state }) => state === 'complete' || state === 'stopped' || state === 'infeasible')
    .map((trial): Scored => {
      const { number } = trial
      const losses = Float64Array.from(objectives, ({ metric, goal }) => lossOf(goal, metricOf(view, trial, metric)))
      if (!losses.every(Number.isFinite)) return { number, trial, violation: Number.POSITIVE_INFINITY }
      const violation = excesses(trial)
      // Infeasible for a reason that no bound tells.
      if (trial.state === 'infeasible' && violation === 0)
        return { number, trial, losses, violation: Number.POSITIVE_INFINITY }
      return { number, trial, losses, violation }
    })
}

/** The sum over bounds of how far a trial is beyond each, in units of the farthest that any trial of the view is. */
function excessesOf(view: StudyView): (trial: TrialView) => number {
  const bounds = (view.bounds ?? []).map(({ metric, atMost = Number.POSITIVE_INFINITY, atLeast = -Infinity }) => {
    const excess = (trial: TrialView) => {
      const value = metricOf(view, trial, metric)
      return Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.max(0, value - atMost, atLeast - value)
    }
    const farthest = view.trials.reduce((most, trial) => {
      const found = excess(trial)
      return found < Number.POSITIVE_INFINITY ? Math.max(most, found) : most
    }, 0)
    return (trial: TrialView) => excess(trial) / (farthest || 1)
  })
  return (trial) => bounds.reduce((sum, excess) => sum + excess(trial), 0)
}

function metricOf(view: StudyView, { metrics, value }: TrialView, metric: string): number {
  return metrics?.[metric] ?? (metric === view.metric ? (value ?? Number.NaN) : Number.NaN)
}
