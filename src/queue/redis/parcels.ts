import type { TrialJob } from '../../runner/job.ts'

/** An attempt on its way: submitted and not finished. */
export interface Flight {
  /** Its name in Redis. */
  readonly id: string
  readonly job: TrialJob
  /** What it travels in. */
  readonly parcel: Parcel
  /** Since when nobody knows it, in ms of the monotonic clock. */
  unseen?: number
}

/** What a worker takes at once: one attempt, or several short ones. */
export interface Parcel {
  /** Its name in Redis: that of its first attempt. */
  readonly id: string
  /** Where it waits (`placeOf`). */
  readonly place: string
  /** Those that have not finished. */
  readonly flights: Set<Flight>
  /** Of those it is to be freed. */
  readonly cancelled: Set<string>
  /** Over when it is in Redis. */
  sent: Promise<unknown>
  /** Over when what was in `cancelled` is dealt with. */
  recall?: Promise<void> | undefined
  /** The worker that has begun it. */
  worker?: string
}

export function emptyParcel(id: string, place: string): Parcel {
  return { id, place, flights: new Set(), cancelled: new Set(), sent: Promise.resolve() }
}

/** For how long a parcel may keep a slot, in seconds: others wait for so long at most where one slot has nothing to do. */
const LASTS = 0.25
/** Longer trials travel alone, in seconds. */
const SHORT = 0.1
/** Trials from which on it is known how long they take. */
const KNOWN = 8
const MOST = 32
/** What the last trial counts in the mean. */
const RECENT = 0.1

/** How long the trials of a study take, and how many of them travel together. */
export interface Pace {
  /** A trial took so many seconds. */
  took(seconds: number): void
  /**
   * Attempts in a parcel where so many are on their way to so many slots: no more than fit in a quarter of a second, and than
   * leave two parcels for each slot, one that runs and one that waits. 1 for long trials, and before it is known.
   */
  together(inFlight: number, slots: number): number
}

export function createPace(): Pace {
  let count = 0
  let mean = 0
  return {
    took(seconds) {
      mean += (seconds - mean) * Math.max(RECENT, 1 / ++count)
    },
    together(inFlight, slots) {
      if (count < KNOWN || mean > SHORT || slots === 0) return 1
      return Math.max(1, Math.floor(Math.min(MOST, LASTS / mean, inFlight / (2 * slots))))
    },
  }
}
