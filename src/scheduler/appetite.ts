/** How many trials a study is to have on their way. */
export interface Appetite {
  /** A trial took so many seconds. */
  took(seconds: number): void
  /**
   * One that learns is asked for what can start at once, since each trial asked for ahead is one it has not learned from yet;
   * unless trainers would wait for it. Others are asked for a trial a slot ahead, or where there are many slots for one for every
   * eighth: a trial that waits in a queue cannot be taken back as easily. Of short trials there are more, so that no slot waits
   * for the way to the scheduler and back.
   */
  wanted(slots: number): number
  /** How many of them are to be missing before there is an order: many short ones at once travel together. */
  least(slots: number): number
}

/** The share of their time for which trainers may wait for suggestions before these are asked for ahead. */
const WAITING = 0.01
/** Slots up to which each may have a trial waiting. */
const MOST_AHEAD = 16
/** What waits for each slot where trials are short: so many seconds of work, and so many trials of a slot, and of all. */
const SHORT = { seconds: 0.05, ofSlot: 128, ofAll: 2000 }
/** Trials beside one a slot after which it is known how long they take. */
const KNOWN = 5
/** What the last trial counts in the mean of how long they take. */
const RECENT = 0.05

/** @param secondsToSuggest what a suggestion costs, of a sampler that learns; undefined for one that does not */
export function createAppetite(secondsToSuggest: (() => number) | undefined): Appetite {
  let count = 0
  let mean = 0

  function shortAhead(slots: number): number {
    if (secondsToSuggest || count < slots + KNOWN) return 0
    return Math.min(slots * Math.min(SHORT.ofSlot, Math.floor(SHORT.seconds / mean)), SHORT.ofAll)
  }

  return {
    took(seconds) {
      mean += (seconds - mean) * Math.max(RECENT, 1 / ++count)
    },
    wanted(slots) {
      if (!secondsToSuggest)
        return slots + Math.max(Math.min(slots, MOST_AHEAD), Math.ceil(slots / 8), shortAhead(slots))
      const seconds = secondsToSuggest()
      const waits = count > 0 && seconds > WAITING * mean
      return slots + (waits ? Math.min(slots, Math.ceil((2 * slots * seconds) / mean)) : 0)
    },
    least: (slots) => (shortAhead(slots) - slots) / 4,
  }
}
