import type { Assignment } from '../space/params.ts'
import type { Space } from '../space/space.ts'
import type { Metrics, Reason, TrialState } from './trial.ts'

export type Goal = 'minimize' | 'maximize'

/** A trial as samplers, pruners and analyses see it. */
export interface TrialView {
  readonly number: number
  readonly params: Assignment
  readonly state: TrialState
  /** The study's metric; present when complete or stopped. */
  readonly value?: number
  readonly metrics?: Metrics
  /** Present when infeasible or failed. */
  readonly reason?: Reason
  /** The study's metric as it was reported while training, by ascending step. */
  readonly curve?: readonly CurvePoint[]
  /** The trial from whose checkpoint this one began. */
  readonly parent?: number
}

/** The study's metric at one training step. */
export interface CurvePoint {
  readonly step: number
  readonly value: number
}

/** One of several metrics that a study looks for the best trade-off between. */
export interface Objective {
  readonly metric: string
  readonly goal: Goal
  /** A value that is just not good enough: the corner from which the hypervolume is measured. Default: from the data. */
  readonly reference?: number
}

/** What a metric may be at most or at least for a trial to count as feasible. */
export interface Bound {
  readonly metric: string
  readonly atMost?: number
  readonly atLeast?: number
}

/** A configuration of an earlier study with what it gave there. */
export interface EarlierTrial {
  /** Which study it is from, by name: values compare within one study only. */
  readonly study: string
  /** Of that study. */
  readonly goal: Goal
  /** Only parameters that this study's space has, each inside its domain; others of this space may be missing. */
  readonly params: Assignment
  readonly value: number
}

/** A study as samplers, pruners and analyses see it: data only, no way back to what runs it. */
export interface StudyView {
  readonly space: Space
  readonly metric: string
  readonly goal: Goal
  readonly seed: number
  /** By number, without gaps; pending ones included. */
  readonly trials: readonly TrialView[]
  /** All objectives, the study's metric first, where there is more than one. */
  readonly objectives?: readonly Objective[]
  /** Limits on metrics: a trial beyond one is infeasible, with its metrics kept. */
  readonly bounds?: readonly Bound[]
  /** Whether an assignment is allowed, by what its author knows before any trial. Default: all are. */
  readonly allows?: (assignment: Assignment) => boolean
  /** Parameters at the top of the space that the question is about: the others are tuned for each of their values. */
  readonly scientific?: readonly string[]
  /** The part of its range that a parameter is first looked for in. Default: all of it. */
  readonly startIn?: { readonly [parameter: string]: readonly [low: number, high: number] }
  /** How many trials the study is to have, where that is known. */
  readonly budget?: number
  /** How many trials run at once. Default: 1. */
  readonly parallel?: number
  /** What earlier studies of overlapping spaces found. */
  readonly earlier?: readonly EarlierTrial[]
}

export function isFinal(state: TrialState): boolean {
  return state !== 'waiting' && state !== 'running'
}

/** Whether value `a` is strictly better than `b`. */
export function isBetter(goal: Goal, a: number, b: number): boolean {
  return goal === 'minimize' ? a < b : a > b
}

/** Trials that have a value, best first; equal values by number, so that the earlier one counts as the better. */
export function ranked<T extends TrialView>(trials: readonly T[], goal: Goal): (T & { readonly value: number })[] {
  return trials
    .filter(hasValue)
    .sort((a, b) => (a.value === b.value ? a.number - b.number : isBetter(goal, a.value, b.value) ? -1 : 1))
}

/** The best trial so far, or undefined when none has a value. */
export function best<T extends TrialView>(
  trials: readonly T[],
  goal: Goal,
): (T & { readonly value: number }) | undefined {
  let found: (T & { readonly value: number }) | undefined
  for (const trial of trials) {
    if (hasValue(trial) && (!found || isBetter(goal, trial.value, found.value))) found = trial
  }
  return found
}

export function hasValue<T extends TrialView>(trial: T): trial is T & { readonly value: number } {
  return trial.value !== undefined && (trial.state === 'complete' || trial.state === 'stopped')
}

/** How many trials are in each state; states that none is in are absent. */
export function countStates(trials: readonly TrialView[]): { readonly [state: string]: number } {
  const counts: Record<string, number> = {}
  for (const { state } of trials) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
