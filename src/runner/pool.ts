import { availableParallelism } from 'node:os'
import { DynotuneError } from '../errors.ts'
import type { EngineName } from '../study/engine.ts'
import type { Outcome, Reason } from '../study/trial.ts'
import { deathOf } from './death.ts'
import type { Shared, TrialEvent, TrialJob } from './job.ts'
import { overLimit } from './limits.ts'
import { memoryKills } from './memory.ts'
import { errorOf, spoilsTrainer } from './outcome.ts'
import { startTrainer, type Trainer } from './trainer.ts'

const CHECK_EVERY_MS = 100
const RECYCLE = { jobs: 1000, ms: 60_000 }
/** A trainer that cannot be started this many times in a row will not be the next time either. */
const START_ATTEMPTS = 3

export interface PoolOptions {
  /** How many trainers. */
  readonly slots: number
  /** The study file that trainers import ahead, as a file URL. Default: none, each is imported with the first job of it. */
  readonly module?: string
  /** What trainers load ahead, and what `auto` means in a job. Default: nothing ahead, and the fastest there is. */
  readonly engine?: EngineName
  /** Which of the machine's GPUs the trainers compute on, in turn, counted from 0. Default: the first, all of them. */
  readonly devices?: readonly number[]
  /** After this many jobs a trainer is replaced by a fresh process. Default 1000, and not before it is a minute old. */
  readonly recycleAfter?: number
  /** Told of each trainer that is started in the place of one that ended. */
  onRestart?(): void
  /** V8's heap limit of a trainer in MiB; default Node's own. */
  readonly heap?: number
}

/** Trainer processes that are started ahead, reused, watched and replaced. */
export interface Pool {
  /**
   * Gives the job to a waiting trainer; false when none waits, or when the job must be alone and is not yet: then its turn comes
   * once nothing else runs there, provided that it is the only one asked about until then.
   */
  run(job: TrialJob): boolean
  /** Asks a running job to end early. */
  stop(id: string): boolean
  /** Kills the trainer of a running job with its process group; the job ends `lost`. False when it is not running. */
  kill(id: string, reason: Reason): boolean
  /** Kills all trainers and resolves when they are gone. */
  close(): Promise<void>
}

/** One place for a trainer; its occupant changes, its number does not. */
interface Slot {
  readonly number: number
  trainer: Trainer | undefined
  ready: boolean
  job: TrialJob | undefined
  /** When the job was reported started, and when the trainer last said anything, in ms of the monotonic clock. */
  startedAt: number
  heardAt: number
  /** How many processes had been killed for want of memory when the job began. */
  killsBefore: number
  jobsDone: number
  /** When its occupant was started, in ms of the monotonic clock. */
  bornAt: number
  /** Whether it takes no more jobs: it is being replaced. */
  retired: boolean
  /** Why the supervisor killed it. */
  verdict: Outcome | undefined
}

export function createPool(options: PoolOptions, emit: (event: TrialEvent) => void, onIdle: () => void): Pool {
  const { recycleAfter, devices = [] } = options
  // Trainers that each start a thread a core would wait for one another: two on two cores take 1.3 times as long.
  const threads = Math.max(1, Math.floor(availableParallelism() / options.slots))
  let failedStarts = 0
  let closing = false
  let closed: (() => void) | undefined
  const slots: Slot[] = Array.from({ length: options.slots }, (_, number) => ({
    number,
    trainer: undefined,
    ready: false,
    job: undefined,
    startedAt: 0,
    heardAt: 0,
    killsBefore: 0,
    jobsDone: 0,
    bornAt: 0,
    retired: false,
    verdict: undefined,
  }))
  const deviceOf = (slot: Slot) => devices[slot.number % devices.length]
  let kills = { count: 0, at: Number.NEGATIVE_INFINITY }

  function start(slot: Slot): void {
    slot.ready = false
    slot.verdict = undefined
    slot.jobsDone = 0
    slot.bornAt = performance.now()
    slot.retired = false
    let startError: Reason | undefined
    const trainer = startTrainer(
      { ...options, threads, device: deviceOf(slot) },
      {
        heard() {
          slot.heardAt = performance.now()
        },
        ready() {
          failedStarts = 0
          slot.ready = true
          onIdle()
        },
        broken(reason) {
          startError = reason
          trainer.kill()
        },
        started(environment) {
          const { job } = slot
          if (!job) return
          slot.startedAt = performance.now()
          emit({
            type: 'started',
            id: job.id,
            fence: job.fence,
            trainer: slot.number,
            environment,
          })
        },
        measured(measurements) {
          const { job } = slot
          if (job) emit({ type: 'measured', id: job.id, fence: job.fence, measurements })
        },
        finished(outcome) {
          // What the supervisor decided before this arrived stands.
          if (slot.verdict) return
          slot.jobsDone++
          slot.retired = isWorn(slot) || spoilsTrainer(outcome)
          finish(slot, outcome)
          if (slot.retired) trainer.kill()
          // One that had to be alone leaves room for others, whatever becomes of its trainer.
          onIdle()
        },
        exited(how) {
          const wasReady = slot.ready
          // On closing, whoever closes knows what was running.
          const said = trainer.takeOutput()
          if (slot.job && !closing)
            finish(slot, slot.verdict ?? deathOf(how, said, memoryKills() - slot.killsBefore), said)
          slot.trainer = undefined
          slot.ready = false
          if (closing) return settle()
          if (!wasReady) failedStarts++
          if (failedStarts < START_ATTEMPTS) {
            options.onRestart?.()
            start(slot)
          } else emit({ type: 'broken', error: startFailure(startError, how) })
          onIdle()
        },
      },
    )
    slot.trainer = trainer
  }

  /** Trials that do little wear it out little, and to start another costs as much as thousands of them. */
  function isWorn({ jobsDone, bornAt }: Slot): boolean {
    if (recycleAfter !== undefined) return jobsDone >= recycleAfter
    return jobsDone >= RECYCLE.jobs && performance.now() - bornAt >= RECYCLE.ms
  }

  function finish(slot: Slot, outcome: Outcome, output = slot.trainer?.takeOutput() ?? ''): void {
    const { job } = slot
    if (!job) return
    slot.job = undefined
    emit({ type: 'finished', id: job.id, fence: job.fence, outcome, output })
  }

  function check(): void {
    const now = performance.now()
    for (const slot of slots) {
      const { trainer, job } = slot
      if (!trainer || !job || slot.verdict) continue
      trainer.trimOutput()
      const verdict = overLimit(job.limits, {
        ran: (now - slot.startedAt) / 1000,
        silent: (now - slot.heardAt) / 1000,
        pid: trainer.pid,
      })
      if (verdict) condemn(slot, verdict)
    }
  }

  function condemn(slot: Slot, verdict: Outcome): void {
    slot.verdict = verdict
    slot.trainer?.kill()
  }

  function settle(): void {
    if (slots.every(({ trainer }) => trainer === undefined)) closed?.()
  }

  const shares = (a: Slot, b: Slot, what: Shared) => what === 'machine' || deviceOf(a) === deviceOf(b)

  /** Whether a job may run there beside those that run: neither it nor any of them must be alone where the other is. */
  function fits(slot: Slot, { alone }: TrialJob): boolean {
    return slots.every(
      (other) =>
        !other.job || [alone, other.job.alone].every((whose) => whose === undefined || !shares(slot, other, whose)),
    )
  }

  /**
   * Whether all that share it with a slot are idle and have computed nothing yet: engines keep the memory that they took, so that
   * those that have are replaced.
   */
  function isFresh(slot: Slot, what: Shared): boolean {
    const group = slots.filter((other) => shares(slot, other, what))
    for (const used of group.filter(({ jobsDone }) => jobsDone > 0)) {
      used.retired = true
      used.trainer?.kill()
    }
    return group.every(free)
  }

  /** Jobs may begin more often than it is worth asking. */
  function killsSoFar(): number {
    const now = performance.now()
    if (now - kills.at > 1000) kills = { count: memoryKills(), at: now }
    return kills.count
  }

  const free = (slot: Slot) => slot.ready && slot.job === undefined && !slot.verdict && !slot.retired
  const running = (id: string) => slots.find(({ job }) => job?.id === id)
  const watch = setInterval(check, CHECK_EVERY_MS)
  for (const slot of slots) start(slot)

  return {
    run(job) {
      const slot = slots.find((each) => free(each) && fits(each, job))
      if (!slot?.trainer || (job.alone !== undefined && !isFresh(slot, job.alone))) return false
      slot.job = job
      slot.killsBefore = killsSoFar()
      slot.startedAt = slot.heardAt = performance.now()
      slot.trainer.run(job)
      return true
    },
    stop(id) {
      const slot = running(id)
      if (slot?.job) slot.trainer?.stop(slot.job.fence)
      return slot !== undefined
    },
    kill(id, reason) {
      const slot = running(id)
      if (slot && !slot.verdict) condemn(slot, { type: 'lost', reason })
      return slot !== undefined
    },
    close() {
      if (!closing) {
        closing = true
        clearInterval(watch)
        for (const { trainer } of slots) trainer?.kill()
      }
      return new Promise((resolve) => {
        closed = resolve
        settle()
      })
    },
  }
}

function startFailure(reason: Reason | undefined, how: string): DynotuneError {
  return new DynotuneError('runner.start', `Trainers cannot be started: ${reason?.message ?? how}`, {
    remedy: reason?.remedy ?? 'dynotune doctor shows which engines work here',
    ...(reason && { cause: errorOf(reason) }),
  })
}
