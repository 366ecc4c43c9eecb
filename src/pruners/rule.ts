import type { Pruner, PrunerDecision } from '../study/pruner.ts'
import type { StudyView, TrialView } from '../study/view.ts'
import { bestLoss, lastStep, lossOf } from './curve.ts'

/** When a pruner may begin to stop trials. */
export interface WarmUp {
  /** No trial is stopped before it has come to this step. */
  readonly warmupSteps: number
  /** No trial is stopped before so many have completed. */
  readonly warmupTrials: number
}

/**
 * What a pruner decides by: the reason to stop the trial, in words with numbers, or undefined.
 * @param others all trials of the view but this one
 */
export type Rule = (trial: TrialView, others: readonly TrialView[], view: StudyView) => string | undefined

/** What a trial has shown itself to be worth, as a loss; NaN when nothing. */
export type Worth = (trial: TrialView, view: StudyView) => number

/**
 * A pruner of a rule, with what all of them hold to: nothing is stopped during the warm-up, and never the trial that is the
 * best so far, be it by one report; equals of it are not stopped either.
 * @param worth Default: the best finite one among a trial's reports and its value
 */
export function prunerOf(name: string, { warmupSteps, warmupTrials }: WarmUp, rule: Rule, worth = bestSoFar): Pruner {
  return {
    name,
    decide(trial, view): PrunerDecision {
      const step = lastStep(trial.curve)
      if (step < Math.max(0, warmupSteps)) return { stop: false }
      const others = view.trials.filter(({ number }) => number !== trial.number)
      if (warmupTrials > 0 && others.filter(({ state }) => state === 'complete').length < warmupTrials)
        return { stop: false }
      const because = rule(trial, others, view)
      if (because === undefined || isBest(trial, others, view, worth)) return { stop: false }
      return { stop: true, because }
    },
  }
}

function isBest(trial: TrialView, others: readonly TrialView[], view: StudyView, worth: Worth): boolean {
  const own = worth(trial, view)
  return !Number.isNaN(own) && others.every((other) => !(worth(other, view) < own))
}

export function bestSoFar({ curve, value }: TrialView, { goal }: StudyView): number {
  const reported = bestLoss(curve, goal)
  const ended = value === undefined ? Number.NaN : lossOf(goal, value)
  return Number.isNaN(reported) || ended < reported ? ended : reported
}
