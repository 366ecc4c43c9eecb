import type { TrialQueue } from '../queue/queue.ts'
import type { WorkerRecord } from '../queue/redis/wire.ts'
import type { PoolOptions } from '../runner/pool.ts'

export interface WorkerOptions extends Omit<PoolOptions, 'module'> {
  /** Of the server: `redis://` or `rediss://`. */
  readonly url: string
  /** What all keys begin with. Default `dynotune`. */
  readonly prefix?: string
  /**
   * What kinds of trials it takes: those of the first, and where no trial of an earlier one waits those of the others.
   * Default `default` alone.
   */
  readonly classes?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  /** Bytes of GPU memory for each slot: trials that ask for more are left to others. Default 0. */
  readonly gpuMemory?: number
  /** Unique among workers. Default: host name and process id. */
  readonly name?: string
  /** What jobs must be signed with. */
  readonly secret?: string | undefined
  /** Take jobs that nobody signed; only from a Redis on this machine. Default false. */
  readonly trustUnsigned?: boolean
  /** Where studies are kept between jobs. Default: in the user's cache. */
  readonly cache?: string
  /** For how long a job stays with a worker that says nothing, in ms. Default 30,000. */
  readonly lockMs?: number
  /** How often it says that it is there, in ms. Default 3000. */
  readonly announceMs?: number
  /** For how long it counts as there after it last said so, in ms. Default 30,000. */
  readonly absentAfterMs?: number
  /**
   * For how long none of all trials here may begin or end before those go back that wait behind others of their parcel, in ms.
   * Default 250.
   */
  readonly patienceMs?: number
  /** What runs the trials. Default: trainer processes of this machine; others imitate them. */
  readonly trainers?: TrialQueue
  readonly log?: WorkerLog
}

/** Where a worker writes what it does; a logger of pino's will do. */
export interface WorkerLog {
  info(about: object, text: string): void
  warn(about: object, text: string): void
  error(about: object, text: string): void
}

/** What a worker has done since it began. */
export interface WorkerCounts {
  readonly running: number
  readonly finished: number
  readonly lost: number
  /** Jobs that it would not run: not signed, altered, malformed. */
  readonly refused: number
  /** Trainers that it started in the place of others: those that died, were killed, or had run for long. */
  readonly restarts: number
}

export interface RunningWorker {
  readonly name: string
  readonly slots: number
  counts(): WorkerCounts
  /** What others see of it. */
  record(): WorkerRecord
  /** Whether it takes trials, or why not. */
  state(): 'taking' | 'leaving' | 'disconnected'
  /** Resolves when it is closed; rejects when it can go on no more. */
  readonly ended: Promise<void>
  /** Takes nothing more, lets what runs finish for so long, hands the rest back with its checkpoints, and closes. */
  drain(graceMs: number): Promise<void>
  /** Ends now; what runs is lost to it and will be tried again elsewhere. */
  close(): Promise<void>
}
