import { writeFileSync, writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { ChosenEngine } from '../engine/choose.ts'
import { createEngines } from '../engine/engine.ts'
import type { EngineName } from '../study/engine.ts'
import { nameEngine } from '../study/name-engine.ts'
import type { Study } from '../study/study.ts'
import type { Outcome } from '../study/trial.ts'
import { describeEnvironment, otherVersion } from './environment.ts'
import { execute } from './execute.ts'
import type { TrialJob } from './job.ts'
import { outcomeOfError, reasonOf } from './outcome.ts'
import { ownFile } from './own-file.ts'
import { EVENT_FD, encode, type FromTrainer, type ToTrainer } from './protocol.ts'
import { importStudy } from './study-module.ts'

/** The life of a trainer process: prepare once, then run job after job until killed. It never exits by itself. */
export function runTrainer(): void {
  offerToKernel()
  const shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)
  const stoppedFence = new BigInt64Array(shared)
  const studies = new Map<string, Promise<Study>>()
  let engines = createEngines()
  /** What `auto` means here. */
  let ownEngine: EngineName = 'auto'
  let running: { readonly fence: number; readonly abort: AbortController } | undefined

  const study = (module: string) => remember(studies, module, importStudy)

  async function prepare({ module, engine, device }: Extract<ToTrainer, { type: 'prepare' }>): Promise<void> {
    ownEngine = engine ?? 'auto'
    if (device !== undefined) engines = createEngines({ device })
    try {
      await Promise.all([engine && engines(engine), module !== undefined && study(module)])
      send({ type: 'ready' })
    } catch (error) {
      send({ type: 'broken', reason: reasonOf(error) })
    }
  }

  async function run(job: TrialJob): Promise<void> {
    const abort = new AbortController()
    running = { fence: job.fence, abort }
    const outcome = await attempt(job, abort)
    running = undefined
    send({ type: 'finished', outcome })
  }

  async function attempt(job: TrialJob, abort: AbortController): Promise<Outcome> {
    const loaded = await study(job.module)
    let chosen: ChosenEngine
    try {
      const name = nameEngine(loaded, job.engine, job.params)
      chosen = await engines(name === 'auto' ? ownEngine : name)
    } catch (error) {
      return outcomeOfError(error)
    }
    const environment = describeEnvironment(chosen)
    const reason = otherVersion(job.engineVersions ?? {}, environment)
    if (reason) return { type: 'lost', reason }
    return execute(job, {
      study: loaded,
      engine: chosen.engine,
      environment,
      send,
      signal: abort.signal,
      stopRequested() {
        const stop = Atomics.load(stoppedFence, 0) === BigInt(job.fence)
        if (stop) abort.abort()
        return stop
      },
    })
  }

  // What `run` left behind, a timer or a promise without a handler, throws outside of it; the state of this process is
  // not to be trusted after that, so it ends once the error has been said.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      send(running ? { type: 'finished', outcome: outcomeOfError(error) } : { type: 'broken', reason: reasonOf(error) })
      process.kill(process.pid, 'SIGKILL')
    })
  }
  // The terminal's Ctrl-C is for the supervisor.
  process.on('SIGINT', () => {})

  const thread = new Worker(ownFile('./control-thread'), { workerData: { stoppedFence: shared } })
  thread.on('message', (message: ToTrainer) => {
    if (message.type === 'prepare') void prepare(message)
    else if (message.type === 'run') void run(message.job)
    else if (running?.fence === message.fence) running.abort.abort()
  })
}

/** When memory runs out the kernel (Linux) is to choose a trainer, which is replaced, rather than the supervisor. */
function offerToKernel(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500')
  } catch {
    // Not Linux, or not allowed: the kernel chooses as it likes.
  }
}

/** Synchronous, so that nothing said is lost however this process ends. A supervisor that is gone needs no more of it. */
function send(message: FromTrainer): void {
  try {
    writeSync(EVENT_FD, encode(message))
  } catch {
    process.kill(process.pid, 'SIGKILL')
  }
}

function remember<K, V>(known: Map<K, Promise<V>>, key: K, make: (key: K) => Promise<V>): Promise<V> {
  const found = known.get(key)
  if (found) return found
  const made = make(key)
  known.set(key, made)
  return made
}
