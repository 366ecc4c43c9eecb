import { packageVersion } from '../../runner/environment.ts'

/** What all keys of Dynotune begin with, unless the user names another prefix. */
export const PREFIX = 'dynotune'
/** The resource class of a study or a worker that names none. */
export const CLASS = 'default'

/** The keys of one study. */
export interface StudyNames {
  /** Stream: what happens to its jobs. */
  readonly events: string
  /** Hash: its jobs that are not acknowledged, by id, as they were submitted. */
  readonly jobs: string
  /** Hash: what has been asked of its jobs, by id: `stop` or `cancel`. */
  readonly asks: string
  /** What its scheduler says of it, which expires when it no longer does. */
  readonly record: string
}

/** Every key that this project uses in Redis, all of them below one prefix, which an ACL can therefore be written for. */
export interface Names {
  readonly prefix: string
  /**
   * The BullMQ queue of a place (`places.ts`), which is a resource class. Each version of Dynotune has queues of its own, so that
   * a worker never gets a trial that another version wrote.
   */
  queue(place: string): string
  /** BullMQ's own: sorted set of the jobs that wait at a place; hash of one job. */
  waiting(place: string): string
  job(place: string, id: string): string
  study(study: string): StudyNames
  bundle(digest: string): string
  /** What a job begins from, and what it left behind. */
  checkpoint(job: string, side: 'before' | 'after'): string
  /** Set of the studies that have a scheduler now. */
  readonly studies: string
  /** Set of the workers' names; and what a worker says of itself, which expires when it no longer does. */
  readonly workers: string
  worker(name: string): string
  /** Stream: a stop or cancel that workers are to hear of at once. */
  readonly control: string
}

export function namesUnder(prefix: string = PREFIX): Names {
  // BullMQ puts its keys below `prefix:queue:`; of ours none begins with "trials-".
  const queue = (place: string) => `trials-${place}-${packageVersion()}`
  return {
    prefix,
    queue,
    waiting: (place) => `${prefix}:${queue(place)}:prioritized`,
    job: (place, id) => `${prefix}:${queue(place)}:${id}`,
    study: (study) => ({
      events: `${prefix}:study:${study}:events`,
      jobs: `${prefix}:study:${study}:jobs`,
      asks: `${prefix}:study:${study}:asks`,
      record: `${prefix}:study:${study}:record`,
    }),
    bundle: (digest) => `${prefix}:bundle:${digest}`,
    checkpoint: (job, side) => `${prefix}:checkpoint:${job}:${side}`,
    studies: `${prefix}:studies`,
    workers: `${prefix}:workers`,
    worker: (name) => `${prefix}:worker:${name}`,
    control: `${prefix}:control`,
  }
}
