import type { LostOutcome } from '../study/trial.ts'

/**
 * What the death of a trainer that its supervisor did not kill means for its trial.
 * @param how in words: `exit code 1`, `signal SIGKILL`
 * @param output what it printed
 * @param killsForMemory how many processes the kernel killed for want of memory while the trial ran
 */
export function deathOf(how: string, output: string, killsForMemory: number): LostOutcome {
  const heap = /\bJavaScript heap out of memory\b/.exec(output)?.[0]
  const isKilled = how === 'signal SIGKILL' && killsForMemory > 0
  if (heap === undefined && !isKilled)
    return { type: 'lost', reason: { code: 'trial.crashed', message: `The trainer process died: ${how}.` } }
  const why = heap ?? 'the kernel killed it, since the machine, or its container, had no memory left'
  return { type: 'lost', reason: { code: 'trial.out_of_memory', message: `The trainer process died: ${why}.` } }
}
