import { type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Names } from '../queue/redis/names.ts'

export interface TakersOptions {
  readonly redis: Redis
  readonly names: Names
  /** The first is what the worker is for; jobs of the others are taken where no job of an earlier one waits. */
  readonly classes: readonly string[]
  /** Jobs at once, of all classes together. */
  readonly slots: number
  readonly lockMs: number
  /**
   * Runs a job to its end.
   * @param occupy says how many slots it keeps from others; until then one
   */
  take(job: Job, occupy: (slots: number) => void): Promise<void>
  onError(error: Error): void
  /** The locks of these jobs are lost. */
  onLost(ids: readonly string[]): void
}

/** Takes jobs from the queues of several classes, as long as a slot is free. */
export interface Takers {
  /** Ends when nothing more is taken; rejects when it cannot go on. */
  run(): Promise<void>
  /** Takes nothing more; what is under way goes on. */
  pause(): Promise<void>
  close(): Promise<void>
}

/** How often it looks whether a job of an earlier class waits, in ms. */
const LOOK_MS = 1000

export function createTakers({ redis, names, classes, slots, lockMs, take, onError, onLost }: TakersOptions): Takers {
  const taken = classes.map(() => 0)
  /** Slots that jobs occupy besides one each. */
  let beyond = 0
  let paused = false
  let looking: NodeJS.Timeout | undefined
  const takers = classes.map((resourceClass, i) => {
    const options = {
      ...{ connection: redis, prefix: names.prefix, concurrency: slots, autorun: false },
      // A job is never run twice: that is for the scheduler to decide, under another fence.
      ...{ lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 0 },
    }
    const taker = new Worker(names.queue(resourceClass), (job, token) => run(i, job, token), options)
    taker.on('error', onError)
    taker.on('lockRenewalFailed', onLost)
    return taker
  })

  /** May be more than there are: a job that must be alone is taken while others run. */
  const busy = () => taken.reduce((sum, count) => sum + count, beyond)

  async function run(i: number, job: Job, token: string | undefined): Promise<void> {
    // What was asked for before it paused still comes: others may have a slot for it.
    if (paused || busy() >= slots) {
      void takers[i]?.pause(true)
      await job.moveToWait(token)
      throw new WaitingError()
    }
    let more = 0
    taken[i] = (taken[i] ?? 0) + 1
    rebalance()
    try {
      await take(job, (count) => {
        beyond += count - 1 - more
        more = count - 1
        rebalance()
      })
    } finally {
      taken[i] = (taken[i] ?? 0) - 1
      beyond -= more
      rebalance()
    }
  }

  /** Lets those classes be taken for which there is a slot. */
  async function balance(): Promise<void> {
    let waits = false
    for (const [i, taker] of takers.entries()) {
      const others = busy() - (taken[i] ?? 0)
      const takes = !paused && others < slots && !waits
      if (takes) taker.concurrency = slots - others
      if (takes && taker.isPaused()) await taker.resume()
      else if (!takes && !taker.isPaused()) await taker.pause(true)
      if (i < takers.length - 1) waits ||= (await redis.zcard(`${names.prefix}:${taker.name}:prioritized`)) > 0
    }
  }

  // What fails now comes right the next time, or the connection is gone and with it all that was taken.
  const rebalance = () => void balance().catch(() => {})

  return {
    async run() {
      if (classes.length > 1) looking = setInterval(rebalance, LOOK_MS)
      await Promise.all(takers.map((taker) => taker.run()))
    },
    async pause() {
      paused = true
      await Promise.all(takers.map((taker) => taker.pause(true)))
    },
    async close() {
      clearInterval(looking)
      await Promise.all(takers.map((taker) => taker.close(true).catch(() => {})))
    },
  }
}
