import { evenly } from '../../numerics/evenly.ts'
import type { Goal } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { areaUnderCurve } from './area-under-curve.ts'
import type { Point } from './curve.ts'
import { type EndOfTraining, endOfTraining } from './end-of-training.ts'
import { type InstabilityEvent, instabilityEvents } from './instability.ts'
import { lateSpread } from './late-spread.ts'
import { type Law, lawOf } from './law.ts'
import { type Overfitting, overfittingOf } from './overfitting.ts'
import { type Plateau, plateauOf } from './plateau.ts'
import { type Reach, timeToTarget } from './time-to-target.ts'

/** What one training reported. */
export interface TrainingRun {
  /** The metric that the training is judged by, of data that it does not train on, by ascending step. */
  readonly validation: readonly Point[]
  readonly goal: Goal
  /** The training loss; empty where it was not reported. */
  readonly training?: readonly Point[]
  /** The gradient norm; empty where it was not reported. */
  readonly gradientNorm?: readonly Point[]
  /** A value of the metric to reach. */
  readonly target?: number
}

/** How one training converged. */
export interface Convergence {
  readonly reach: Finding<Reach>
  readonly area: Finding<number>
  readonly plateau: Finding<Plateau>
  readonly law: Finding<Law>
  readonly overfitting: Finding<Overfitting>
  readonly end: Finding<EndOfTraining>
  readonly spread: Finding<Estimate>
  /** Spikes of the training loss, and of the gradient norm. */
  readonly lossEvents: Finding<readonly InstabilityEvent[]>
  readonly gradientEvents: Finding<readonly InstabilityEvent[]>
}

/** What is fitted of a longer curve: evenly spaced points, which say nearly as much, their neighbours being correlated. */
export const MOST_FITTED = 120

/** Every analysis of one training, in about 50 ms. */
export function convergenceOf(run: TrainingRun): Convergence {
  const { validation, goal, training = [], gradientNorm = [], target } = run
  const fitted = evenly(validation, MOST_FITTED)
  const overfitting = overfittingOf(fitted, goal, evenly(training, MOST_FITTED))
  const turn = overfitting.known ? overfitting.value.turn : undefined
  return {
    reach: target === undefined ? unknown('There is no target.') : timeToTarget(validation, goal, target),
    area: areaUnderCurve(validation),
    plateau: plateauOf(fitted, goal),
    law: turn
      ? unknown(`The curve turns at step ${turn.step.value}: no law of decay holds for all of it.`)
      : lawOf(fitted, goal),
    overfitting,
    end: endOfTraining(validation, goal),
    spread: lateSpread(validation),
    lossEvents: training.length > 0 ? known(instabilityEvents(training)) : unknown('No training loss was reported.'),
    gradientEvents:
      gradientNorm.length > 0 ? known(instabilityEvents(gradientNorm)) : unknown('No gradient norm was reported.'),
  }
}
