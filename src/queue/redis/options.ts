import type { Bundle } from '../../runner/bundle.ts'

export interface RedisQueueOptions {
  /** Of the server: `redis://` or `rediss://`. */
  readonly url: string
  /** What all keys begin with. Default `dynotune`. */
  readonly prefix?: string
  /** Which workers are to run the trials that do not ask for others. Default `default`. */
  readonly resourceClass?: string
  /** What all trials ask for, in bytes, as far as is known before there are any. Default: none. */
  readonly gpuMemory?: number
  /** Whether each trial asks for workers of its own, so that any may be of use. Default false. */
  readonly isPerTrial?: boolean
  /** What it is called, for people. */
  readonly name: string
  /** Whether engines may have other versions than the study began with. Default false. */
  readonly anyEngineVersion?: boolean | undefined
  /** In what proportion it shares slots with other studies on the same workers. Default 1. */
  readonly weight?: number
  /** Studies of a higher one get all the slots that they can use first. Default 0. */
  readonly priority?: number
  /** What tells the study from all others, whichever store they are in: 16 hexadecimal digits. */
  readonly study: string
  /** The study file, as a file URL. */
  readonly module: string
  /** What is made of the study file, where that has been done before. */
  readonly bundle?: Bundle | undefined
  /** Told what was made of it. */
  onBundle?(bundle: Bundle): void
  /** What jobs are signed with; without one, only workers that trust everybody take them. */
  readonly secret?: string | undefined
  /** The most slots to use. Default: all there are. */
  readonly most?: number
  /** How many slots it could use now, were there any number. Default: as many as there are. */
  wanted?(): number
  /** How often workers and jobs are looked after, in ms. Default 1000. */
  readonly everyMs?: number
  /** For how long a job may be neither in the queue nor with a worker before it counts as lost, in ms. Default 10,000. */
  readonly lostAfterMs?: number
  /** Told of each event how many ms after it was read it was dealt with. */
  onLag?(ms: number): void
  /** Told how it stands with what its trials ask for whenever workers are looked after. */
  onLoad?(loads: readonly ClassLoad[]): void
}

/** How it stands with the studies of one class, all together. */
export interface ClassLoad {
  /** With the GPU memory that is asked for, where any is: `default+40GB`. */
  readonly class: string
  /** Jobs that no worker has yet. */
  readonly waiting: number
  /** Slots that they could use now; where one could use any number, one more than it has jobs. */
  readonly needed: number
}
