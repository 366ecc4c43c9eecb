import { type ChildProcess, spawn } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../study/engine.ts'
import type { Environment } from '../study/record.ts'
import type { Measurement, Outcome, Reason } from '../study/trial.ts'
import type { TrialJob } from './job.ts'
import { createOutputFile } from './output.ts'
import { ownFile } from './own-file.ts'
import { CONTROL_FD, decode, EVENT_FD, encode, type FromTrainer, lineSplitter, type ToTrainer } from './protocol.ts'

const ENTRY = fileURLToPath(ownFile('../../workers/trainer'))

/** How long to wait for what a dead trainer wrote; only a descendant of it that keeps the pipe open can make this pass. */
const DRAIN_MS = 1000

export interface TrainerOptions {
  /** The study file that it imports ahead. Default: none. */
  readonly module?: string
  /** What it loads ahead, and what `auto` means to it. Default: nothing ahead, and the fastest that the machine has. */
  readonly engine?: EngineName
  /** Which of the machine's GPUs its engines compute on, counted from 0. Default: the first. */
  readonly device?: number | undefined
  /** V8's heap limit in MiB; default Node's own. */
  readonly heap?: number
  /** How many threads TensorFlow may compute with on the processor, unless the user has said. Default: one a core. */
  readonly threads?: number
}

/** What a supervisor hears of a trainer. */
export interface TrainerListener {
  ready(): void
  broken(reason: Reason): void
  started(environment: Environment): void
  measured(measurements: readonly Measurement[]): void
  finished(outcome: Outcome): void
  /** Any message at all: a sign of life. */
  heard(): void
  /** The process and all it said are gone. `how` is in words: `exit code 1`, `signal SIGKILL`. */
  exited(how: string): void
}

/** A trainer process, seen from the supervisor. */
export interface Trainer {
  readonly pid: number
  run(job: TrialJob): void
  stop(fence: number): void
  /** Standard output and errors since the last call. */
  takeOutput(): string
  trimOutput(): void
  /** Kills the process and every descendant in its group. `exited` follows. */
  kill(): void
}

/** Starts a trainer in a process group of its own, so that it and all its descendants can be killed together. */
export function startTrainer(options: TrainerOptions, listener: TrainerListener): Trainer {
  const output = createOutputFile()
  const heap = options.heap === undefined ? [] : [`--max-old-space-size=${options.heap}`]
  const child = spawn(process.execPath, [...heap, ENTRY], {
    detached: true,
    env: environment(options),
    stdio: ['ignore', output.fd, output.fd, 'pipe', 'pipe'],
  })
  const control = child.stdio[CONTROL_FD]
  const events = child.stdio[EVENT_FD]
  let concluded = false

  function send(message: ToTrainer): void {
    if (control instanceof Writable && control.writable) control.write(encode(message))
  }

  /** Called once the process is dead and its pipe read to the end. */
  function conclude(how: string): void {
    if (concluded) return
    concluded = true
    listener.exited(how)
    output.close()
    if (control instanceof Writable) control.destroy()
    if (events instanceof Readable) events.destroy()
  }

  if (control instanceof Writable) control.on('error', () => {})
  if (events instanceof Readable) listen(events, listener)
  child.once('error', (error) => conclude(error.message))
  child.once('exit', (code, signal) => {
    // Descendants of the trainer may still live.
    killGroup(child)
    const how = signal ? `signal ${signal}` : `exit code ${code}`
    if (!(events instanceof Readable) || events.readableEnded) return conclude(how)
    events.once('end', () => conclude(how))
    setTimeout(() => conclude(how), DRAIN_MS).unref()
  })

  const { module, engine, device } = options
  send({ type: 'prepare', module, engine, device })
  return {
    pid: child.pid ?? 0,
    run: (job) => send({ type: 'run', job }),
    stop: (fence) => send({ type: 'stop', fence }),
    takeOutput: output.take,
    trimOutput: output.trim,
    kill: () => killGroup(child),
  }
}

/** A study may print its environment, so that what signs jobs is not in it, nor the URL of Redis, which has a password. */
function environment({ threads }: TrainerOptions): NodeJS.ProcessEnv {
  const { DYNOTUNE_SECRET: _, DYNOTUNE_REDIS: __, ...others } = process.env
  return { ...(threads && { TF_NUM_INTRAOP_THREADS: String(threads) }), ...others }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of the group is left.
  }
}

/** Measurements that arrive together are handed on together: they are recorded in one transaction. */
function listen(events: Readable, listener: TrainerListener): void {
  let batch: Measurement[] = []
  const flush = () => {
    if (batch.length > 0) listener.measured(batch)
    batch = []
  }
  const take = lineSplitter((line) => {
    const message = decode<FromTrainer>(line)
    if (message.type === 'measured') {
      batch.push(message.measurement)
      return
    }
    flush()
    if (message.type === 'ready') listener.ready()
    else if (message.type === 'broken') listener.broken(message.reason)
    else if (message.type === 'started') listener.started(message.environment)
    else if (message.type === 'finished') listener.finished(message.outcome)
  })
  events.setEncoding('utf8')
  events.on('data', (chunk: string) => {
    listener.heard()
    take(chunk)
    flush()
  })
}
