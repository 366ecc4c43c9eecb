import type { StudyDefinition } from './study.ts'
import type { Measurement, Metrics } from './trial.ts'
import type { TrialView } from './view.ts'

/** Where an attempt ran, as plain text fields: node, platform, cpu, memory, dynotune, engine, device, tfjs … */
export type Environment = { readonly [field: string]: string }

/** A study as the store keeps it. */
export interface StudyRecord {
  readonly id: number
  /** Tells it from the studies of all stores: 16 hexadecimal digits. */
  readonly identity: string
  readonly name: string
  /** 1 for the first study of its name; `--fresh` starts the next. */
  readonly number: number
  readonly definition: StudyDefinition
  /** Of all that decides which parameters a trial number gets: space, goal, metric, seed and sampler. */
  readonly digest: string
  readonly source?: { readonly path: string; readonly digest: string }
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** What `test` returned, and for which trial. */
  readonly test?: { readonly trial: number; readonly metrics: Metrics }
}

/** A trial as the store keeps it. */
export interface TrialRecord extends TrialView {
  readonly attempts: number
  /** Duration of the last attempt, when it ended. */
  readonly seconds?: number
  readonly environment?: Environment
}

/** Read access to one stored study: what reports, exports and listings are made from. */
export interface StudyArchive {
  readonly study: StudyRecord
  /** All trials by number. */
  trials(): TrialRecord[]
  /** The curve of one trial, by step: measurements of superseded attempts left out. */
  measurements(trial: number): Measurement[]
  /** Standard output and errors of a trial's last attempt, in the order written. */
  output(trial: number): string
}

/** `digits`, or `digits#2`. */
export function studyLabel({ name, number }: Pick<StudyRecord, 'name' | 'number'>): string {
  return number === 1 ? name : `${name}#${number}`
}
