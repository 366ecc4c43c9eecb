import type { ErrorCode } from '../errors.ts'
import type { Random } from '../numerics/random.ts'
import type { Engine } from './engine.ts'

/** Metric names to values. Values may be NaN or infinite while training; a result must be finite. */
export type Metrics = { readonly [metric: string]: number }

/** Metrics at one step of one attempt. */
export interface Measurement {
  /** Training step, or any other non-negative integer that grows with training. */
  readonly step: number
  /** Seconds since the attempt began. */
  readonly time: number
  readonly metrics: Metrics
}

/**
 * Where a trial stands. `complete`: it has a value. `stopped`: ended early on purpose, its value is the best so far.
 * `infeasible`: its parameters cannot be evaluated (diverged, over a limit), which samplers learn from. `failed`: the code
 * is at fault. The last four are final.
 */
export type TrialState = 'waiting' | 'running' | 'complete' | 'stopped' | 'infeasible' | 'failed'

export type FinalState = Exclude<TrialState, 'waiting' | 'running'>

/** Why a trial did not complete. */
export interface Reason {
  readonly code: ErrorCode
  readonly message: string
  /** What to do about it, where that is known. */
  readonly remedy?: string
  readonly stack?: string
}

/**
 * How one attempt ended. `lost` ends only the attempt, not the trial: the process died or was taken away, and the
 * scheduler decides whether to try again.
 */
export type Outcome =
  | { readonly type: 'complete'; readonly metrics: Metrics }
  | { readonly type: 'stopped'; readonly metrics: Metrics }
  | { readonly type: 'infeasible'; readonly reason: Reason }
  | { readonly type: 'failed'; readonly reason: Reason }
  | LostOutcome

export interface LostOutcome {
  readonly type: 'lost'
  readonly reason: Reason
}

/** What `trial.report` takes: the step, and any metrics. */
export type Report = { readonly step: number } & Metrics

/** What `run` may return: the study's metric, or several metrics with the study's among them, or nothing if it reported. */
export type RunResult = number | Metrics | undefined

/** Saved training state of a trial: kept through a crash or a hand-over, and for the best trial after the study. */
export interface Checkpoint {
  /**
   * Saves `state`, anything that structured clone takes (typed arrays for weights), replacing what was saved before.
   * Written whole or not at all. A trial that is tried again continues from it.
   */
  save(step: number, state: unknown): void
  /** The last saved state, or undefined. */
  load(): { readonly step: number; readonly state: unknown } | undefined
}

/** What `run` is given. */
export interface Trial<P> {
  /** Counts from 0 within the study. */
  readonly number: number
  /** Counts from 1; above 1 after a crash or a hand-over. */
  readonly attempt: number
  readonly params: P
  /** In [0, 2^32), from the study's seed and the trial's number alone: the same for every attempt. */
  readonly seed: number
  readonly engine: Engine
  /** Aborts when the trial should end now; `shouldStop` also sees it where a busy loop keeps events from arriving. */
  readonly signal: AbortSignal
  readonly checkpoint: Checkpoint
  /** Records metrics at a step. Throws `trial.report` on a step or metric that is not a number. */
  report(report: Report): void
  /** True once the trial should end early: return what you have. Also counts as a sign of life. */
  shouldStop(): boolean
  /** The stream of random numbers for a purpose: the same for every attempt, independent between purposes and trials. */
  random(purpose: string): Random
}
