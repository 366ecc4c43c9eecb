import { DelayedError, type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Names } from '../queue/redis/names.ts'
import { inOrder } from '../queue/redis/places.ts'

export interface TakersOptions {
  readonly redis: Redis
  readonly names: Names
  /** The first is what the worker is for; jobs of the others are taken where no job of an earlier one waits. */
  readonly classes: readonly string[]
  /** Jobs at once, of all places together. */
  readonly slots: number
  readonly lockMs: number
  /**
   * Runs a job to its end.
   * @param occupy says how many slots it keeps from others; until then one
   * @returns whether it was run; one that was not waits for others
   */
  take(job: Job, occupy: (slots: number) => void): Promise<boolean>
  onError(error: Error): void
  /** The locks of these jobs are lost. */
  onLost(ids: readonly string[]): void
}

/** Takes jobs from the queues of several places, as long as a slot is free. */
export interface Takers {
  /** Ends when nothing more is taken; rejects when it cannot go on. */
  run(): Promise<void>
  /** Takes from these places as well. */
  serve(places: readonly string[]): void
  /** Takes nothing more; what is under way goes on. */
  pause(): Promise<void>
  close(): Promise<void>
}

/** What takes jobs from one place. */
interface Taker {
  readonly place: string
  readonly worker: Worker
  /** Jobs of it that run. */
  taken: number
}

/** For how long nobody gets a job that was not run, in ms: whoever handed it back would have it again at once. */
const LATER_MS = 5000
/** How often it looks whether a job of an earlier place waits, in ms. */
const LOOK_MS = 1000

export function createTakers({ redis, names, classes, slots, lockMs, take, onError, onLost }: TakersOptions): Takers {
  /** In the order in which they are served. */
  let takers: readonly Taker[] = []
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>()
  /** Slots that jobs occupy besides one each. */
  let beyond = 0
  let running = false
  let paused = false
  let looking: NodeJS.Timeout | undefined
  serve(classes)

  function serve(places: readonly string[]): void {
    const known = new Map(takers.map((taker) => [taker.place, taker]))
    takers = inOrder(classes, [...known.keys(), ...places]).map((place) => known.get(place) ?? createTaker(place))
    if (takers.length === known.size) return
    if (running) for (const taker of takers) if (!known.has(taker.place)) start(taker)
    if (running && takers.length > 1) looking ??= setInterval(rebalance, LOOK_MS)
  }

  function createTaker(place: string): Taker {
    const options = {
      ...{ connection: redis, prefix: names.prefix, concurrency: slots, autorun: false },
      // A job is never run twice: that is for the scheduler to decide, under another fence.
      ...{ lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 0 },
    }
    const worker = new Worker(names.queue(place), (job, token) => run(taker, job, token), options)
    const taker: Taker = { place, worker, taken: 0 }
    worker.on('error', onError)
    worker.on('lockRenewalFailed', onLost)
    return taker
  }

  function start({ worker }: Taker): void {
    worker.run().catch(fail)
    if (paused) void worker.pause(true)
  }

  /** May be more than there are: a job that must be alone is taken while others run. */
  const busy = () => takers.reduce((sum, { taken }) => sum + taken, beyond)

  async function run(taker: Taker, job: Job, token: string | undefined): Promise<void> {
    // What was asked for before it paused still comes: others may have a slot for it.
    if (paused || busy() >= slots) {
      void taker.worker.pause(true)
      await job.moveToWait(token)
      throw new WaitingError()
    }
    let more = 0
    taker.taken++
    rebalance()
    let isRun = false
    try {
      isRun = await take(job, (count) => {
        beyond += count - 1 - more
        more = count - 1
        rebalance()
      })
    } finally {
      taker.taken--
      beyond -= more
      rebalance()
    }
    if (isRun) return
    await job.moveToDelayed(Date.now() + LATER_MS, token)
    throw new DelayedError()
  }

  // What fails now comes right the next time, or the connection is gone and with it all that was taken.
  function rebalance(): void {
    void balance().catch(() => {})
  }

  /** Lets those places be taken from for which there is a slot. */
  async function balance(): Promise<void> {
    let waits = false
    for (const [i, { place, worker, taken }] of takers.entries()) {
      const others = busy() - taken
      const takes = !paused && others < slots && !waits
      if (takes) worker.concurrency = slots - others
      if (takes && worker.isPaused()) await worker.resume()
      else if (!takes && !worker.isPaused()) await worker.pause(true)
      if (i < takers.length - 1) waits ||= (await redis.zcard(names.waiting(place))) > 0
    }
  }

  return {
    serve,
    run() {
      running = true
      for (const taker of takers) start(taker)
      if (takers.length > 1) looking = setInterval(rebalance, LOOK_MS)
      return ended
    },
    async pause() {
      paused = true
      await Promise.all(takers.map(({ worker }) => worker.pause(true)))
    },
    async close() {
      clearInterval(looking)
      await Promise.all(takers.map(({ worker }) => worker.close(true).catch(() => {})))
      end()
    },
  }
}
