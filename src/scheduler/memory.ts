import type { Shared } from '../runner/job.ts'
import type { Reason } from '../study/trial.ts'

/** How attempts end for want of memory, and what they should then have to themselves. */
const CODES: readonly { readonly code: Reason['code']; readonly alone: Shared }[] = [
  { code: 'trial.out_of_memory', alone: 'machine' },
  { code: 'engine.memory', alone: 'device' },
]

/**
 * Keeps count of the attempts of each trial for which memory did not suffice: what other trials took may be the cause, so that
 * the trial is tried again without them. If that fails too, it follows from the parameters.
 */
export interface MemoryWatch {
  /** What the next attempt of a trial must not share; undefined for one that has never lacked memory. */
  alone(trial: number): Shared | undefined
  /** Counts a lost attempt; the reason to end its trial for, where nothing is left to try. */
  lose(trial: number, reason: Reason): Reason | undefined
}

/**
 * @param known trials from this number on are new: no earlier run has tried them
 * @param countLost how many attempts of a trial the store has that were lost for a reason
 */
export function watchMemory(known: number, countLost: (trial: number, code: Reason['code']) => number): MemoryWatch {
  const losses = new Map<number, Reason['code'][]>()

  function lossesOf(trial: number): Reason['code'][] {
    const found = losses.get(trial) ?? []
    if (!losses.has(trial) && trial < known)
      found.push(...CODES.flatMap(({ code }) => Array<typeof code>(countLost(trial, code)).fill(code)))
    if (found.length > 0 || trial < known) losses.set(trial, found)
    return found
  }

  return {
    alone: (trial) => CODES.find(({ code }) => lossesOf(trial).includes(code))?.alone,
    lose(trial, reason) {
      if (!CODES.some(({ code }) => code === reason.code)) return undefined
      const before = lossesOf(trial)
      losses.set(trial, [...before, reason.code])
      if (before.length === 0) return undefined
      const message = `${reason.message} It was tried beside other trials and alone: there is not enough memory for it here.`
      return { ...reason, message }
    },
  }
}
