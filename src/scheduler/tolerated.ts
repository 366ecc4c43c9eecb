import type { Reason } from '../study/trial.ts'

/** A trial whose trainer died this often is at fault itself. */
export const CRASHES = 3

/** How often a trial may lose its attempt in one way. Machines go for reasons of their own, but not ten times under one trial. */
const TOLERATED: readonly { readonly codes: readonly string[]; readonly times: number }[] = [
  { codes: ['trial.crashed', 'trial.silent', 'engine.lost'], times: CRASHES },
  { codes: ['worker.lost'], times: 10 },
]

/**
 * Why a trial is not tried again after it has lost an attempt; undefined while it is.
 * @param countLost how many attempts it has lost before, for one of these reasons
 */
export function lostTooOften(reason: Reason, countLost: (codes: readonly string[]) => number): Reason | undefined {
  const rule = TOLERATED.find(({ codes }) => codes.includes(reason.code))
  const losses = rule ? 1 + countLost(rule.codes) : 0
  if (!rule || losses < rule.times) return undefined
  return { ...reason, message: `${reason.message} That was attempt ${losses} to end so; it is not tried again.` }
}
