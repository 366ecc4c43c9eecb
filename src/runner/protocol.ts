import type { EngineName } from '../study/engine.ts'
import { numbersFromText, toJson } from '../study/json.ts'
import type { Environment } from '../study/record.ts'
import type { Measurement, Outcome, Reason } from '../study/trial.ts'
import type { TrialJob } from './job.ts'

/*
 * The wire between a supervisor and a trainer: one JSON value a line, on two pipes. Not Node's IPC channel, because that
 * needs the event loop on both ends, and training keeps the loop busy: the trainer writes its pipe synchronously, so what
 * it said before dying has been said, and a thread of its own reads the other, so a stop arrives in the middle of a step.
 */

/** File descriptor on which the trainer reads `ToTrainer`. Its end means that the supervisor is gone. */
export const CONTROL_FD = 3
/** File descriptor on which the trainer writes `FromTrainer`. */
export const EVENT_FD = 4

export type ToTrainer =
  | {
      readonly type: 'prepare'
      readonly module?: string | undefined
      readonly engine?: EngineName | undefined
      /** Which of the machine's GPUs its engines are to compute on. */
      readonly device?: number | undefined
    }
  | { readonly type: 'run'; readonly job: TrialJob }
  /** Ask the attempt to end early. */
  | { readonly type: 'stop'; readonly fence: number }

export type FromTrainer =
  | { readonly type: 'ready' }
  | { readonly type: 'broken'; readonly reason: Reason }
  | { readonly type: 'started'; readonly environment: Environment }
  | { readonly type: 'measured'; readonly measurement: Measurement }
  | { readonly type: 'alive' }
  | { readonly type: 'finished'; readonly outcome: Outcome }

export function encode(message: ToTrainer | FromTrainer): string {
  return `${toJson(message)}\n`
}

/** Numbers that are not finite come back within `metrics`, the one place where they may be. */
export function decode<M extends ToTrainer | FromTrainer>(line: string): M {
  return JSON.parse(line, (key, value) => (key === 'metrics' ? numbersFromText(value) : value))
}

/** Cuts a stream of chunks into lines; what follows the last line end waits for the next chunk. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
