import type { AnyParams } from '../space/params.ts'
import type { Environment } from '../study/record.ts'
import type { Limits, StudyDefinition } from '../study/study.ts'
import type { Measurement, Outcome } from '../study/trial.ts'
import type { Goal } from '../study/view.ts'

/** Everything a trainer needs to execute one attempt of a trial. Plain data: it travels. */
export interface TrialJob {
  /** Unique among all jobs of a queue; letters, digits and `-`. */
  readonly id: string
  /** The attempt's token: names every measurement and result, so that those of a superseded attempt can be refused. */
  readonly fence: number
  /** `run` trains; `test` is the one look at the test split, for the best trial. */
  readonly phase: 'run' | 'test'
  /** The study file, as a file URL. */
  readonly module: string
  readonly trial: number
  readonly attempt: number
  readonly params: AnyParams
  /** The study's seed; a trial's own is derived from it. */
  readonly seed: number
  readonly metric: string
  readonly goal: Goal
  /** `auto` is what the trainer takes by default, `per trial` what the study's function names. */
  readonly engine: StudyDefinition['engine']
  /** What versions engines must have, by engine. Default: any. */
  readonly engineVersions?: Readonly<Record<string, string>>
  /** Seconds and bytes. */
  readonly limits: JobLimits
  /** What no other trial of these trainers may use meanwhile. Default: they share everything. */
  readonly alone?: Shared
  /** The workers that are to run it, and bytes of GPU memory that they must have for it. Trainers of one machine take all. */
  readonly class?: string
  readonly gpuMemory?: number
  /** The file that holds the trial's checkpoint. */
  readonly checkpoint: string
  /** The checkpoint of another trial that this one begins from. */
  readonly inherits?: string
}

/** What trainers share whose memory may run out: the GPU that they compute on (without any, the machine), or the machine. */
export const SHARED = ['device', 'machine'] as const
export type Shared = (typeof SHARED)[number]

export type JobLimits = { readonly [Limit in keyof Limits]?: number }

/** What happens to jobs, in order for each job: started, measured …, finished; or finished alone. */
export type TrialEvent =
  | {
      readonly type: 'slots'
      readonly slots: number
      /** How many jobs may wait besides for workers that are not there. Default: 0. */
      readonly unserved?: number
    }
  | {
      readonly type: 'started'
      readonly id: string
      readonly fence: number
      readonly trainer: number
      readonly environment: Environment
    }
  | {
      readonly type: 'measured'
      readonly id: string
      readonly fence: number
      readonly measurements: readonly Measurement[]
    }
  | {
      readonly type: 'finished'
      readonly id: string
      readonly fence: number
      readonly outcome: Outcome
      readonly output: string
    }
  /** Something about where trials run that the reader should know. */
  | { readonly type: 'note'; readonly text: string }
  /** Trainers cannot be started at all: nothing more will run. */
  | { readonly type: 'broken'; readonly error: Error }
