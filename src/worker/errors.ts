import { DynotuneError } from '../errors.ts'
import { addressOf } from '../queue/redis/url.ts'
import type { Reason } from '../study/trial.ts'
import type { WorkerOptions } from './contract.ts'

/** Where no trainer can run a study. */
export function cannotStart(reason: Reason): Reason {
  return { ...reason, code: 'runner.start', message: `Trainers cannot be started: ${reason.message}` }
}

export function noSecret({ trustUnsigned }: WorkerOptions, url: string): DynotuneError {
  return new DynotuneError('worker.secret', 'A worker runs the code that it is sent, so it must know who sends it.', {
    path: 'DYNOTUNE_SECRET',
    remedy: trustUnsigned
      ? `--trust-unsigned is for a Redis on this machine, which ${addressOf(url)} is not: set DYNOTUNE_SECRET to the same 16 or more characters here and for dynotune run`
      : 'set DYNOTUNE_SECRET to the same 16 or more characters here and for dynotune run; alone on one machine, --trust-unsigned will do',
  })
}

/** Where the user that it connects as may not do what a worker does. */
export function refusedBy(error: unknown, url: string): DynotuneError {
  return new DynotuneError('redis.connection', `Redis at ${addressOf(url)} refuses what a worker needs.`, {
    path: '--redis',
    remedy: 'give its user the rights that docs/workers.md names',
    cause: error,
  })
}
