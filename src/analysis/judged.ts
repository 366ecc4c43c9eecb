import { type Axis, axesOf, type Point } from '../samplers/axes.ts'
import { observe } from '../samplers/observations.ts'
import type { StudyView, TrialView } from '../study/view.ts'

/** A trial that an analysis judges by: `y` is its value, turned so that less is better. */
export interface JudgedTrial {
  readonly trial: TrialView
  /** By dimension, as samplers see it: `samplers/axes.ts`. */
  readonly point: Point
  readonly y: number
}

/** The trials of a study that have a finite value, and how many there are that have none. */
export interface Judged {
  readonly axes: readonly Axis[]
  readonly trials: readonly JudgedTrial[]
  /** Trials that analyses of values leave out: their parameters are not known to be bad by an amount. */
  readonly leftOut: {
    /** Infeasible, or with a value that is not finite. */
    readonly infeasible: number
    readonly failed: number
    /** Waiting or running. */
    readonly pending: number
  }
}

/** What was found of a view, which does not change: a report asks dozens of times. */
const judged = new WeakMap<StudyView, Judged>()

/** Splits a study's trials into those with a finite value and those without. */
export function judge(view: StudyView): Judged {
  const held = judged.get(view)
  if (held) return held
  const found = split(view)
  judged.set(view, found)
  return found
}

function split(view: StudyView): Judged {
  const axes = axesOf(view.space)
  const { known, pending, infeasible } = observe(view, axes)
  return {
    axes,
    trials: known,
    leftOut: {
      infeasible: infeasible.length,
      failed: view.trials.filter(({ state }) => state === 'failed').length,
      pending: pending.length,
    },
  }
}
