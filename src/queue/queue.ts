import type { TrialEvent, TrialJob } from '../runner/job.ts'
import type { Reason } from '../study/trial.ts'

/** How a job ends that was cancelled. */
export const CANCELLED: Reason = { code: 'trial.cancelled', message: 'Cancelled.' }

/** What is known of a job that an earlier process submitted. */
export type FoundJob = Pick<TrialJob, 'id' | 'fence' | 'phase' | 'trial' | 'attempt'>

/**
 * Takes trials to trainers and brings back what happens to them. Knows nothing of stores, samplers or retries: a lost
 * attempt is reported once, and whoever submitted it decides what comes next.
 *
 * Every implementation passes `test/conformance/queue.ts`.
 */
export interface TrialQueue {
  /**
   * Hands a job over; trainers that become free take jobs in the order submitted.
   * @throws DynotuneError `queue.duplicate` for an id that is known and not acknowledged, `queue.closed`
   */
  submit(job: TrialJob): Promise<void>
  /**
   * Finds the jobs that an earlier process submitted and did not acknowledge. Those that `adopt` gives a job for go on as if
   * submitted here, and what happened to them since comes with the events; the others are cancelled. Before `events`.
   */
  recover(adopt: (found: FoundJob) => TrialJob | undefined): Promise<void>
  /** Asks a job to end early by itself; one that still waits runs with the request in place. Unknown ids are ignored. */
  stop(id: string): Promise<void>
  /** Ends a job now: it finishes `lost` with code `trial.cancelled`. Unknown and finished ids are ignored. */
  cancel(id: string): Promise<void>
  /** Lets go of a finished job, once its result has been committed. */
  acknowledge(id: string): Promise<void>
  /**
   * What happens, in order, all that is there at once; begins with the number of slots, after notes. For one consumer, which has
   * finished with a batch when it asks for the next: until then another process would get it again. Ends after `close`, or with
   * an error when trainers cannot be started.
   */
  events(): AsyncIterable<readonly TrialEvent[]>
  /** Kills what runs and releases everything. Jobs that have not finished are forgotten. */
  close(): Promise<void>
}
