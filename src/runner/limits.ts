import type { Outcome } from '../study/trial.ts'
import type { JobLimits } from './job.ts'
import { residentMemory } from './memory.ts'

/** What a running attempt has used: seconds, seconds, and the process whose memory counts. */
export interface Usage {
  readonly ran: number
  readonly silent: number
  readonly pid: number
}

/**
 * How the attempt ends if it is over one of its limits. Time and memory follow from the parameters, so the trial is
 * infeasible; silence may be the machine's fault, so the attempt is lost and the trial may be tried again.
 */
export function overLimit(limits: JobLimits, usage: Usage): Outcome | undefined {
  const { time, silence, memory } = limits
  if (time !== undefined && usage.ran > time) {
    return {
      type: 'infeasible',
      reason: {
        code: 'trial.timeout',
        message: `Killed after ${usage.ran.toFixed(1)} s: the limit for a trial is ${time} s.`,
      },
    }
  }
  if (silence !== undefined && usage.silent > silence) {
    return {
      type: 'lost',
      reason: {
        code: 'trial.silent',
        message: `Killed after ${usage.silent.toFixed(1)} s without report or shouldStop: the limit is ${silence} s.`,
      },
    }
  }
  if (memory !== undefined) {
    const used = residentMemory(usage.pid)
    if (used > memory) {
      return {
        type: 'infeasible',
        reason: {
          code: 'trial.memory',
          message: `Killed at ${mebibytes(used)} of memory: the limit is ${mebibytes(memory)}.`,
        },
      }
    }
  }
  return undefined
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}
