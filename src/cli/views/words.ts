import { formatNumber, oneLine } from '../../report/format.ts'
import type { Progress } from '../../scheduler/progress.ts'
import type { TrialView } from '../../study/view.ts'

/** What came of a trial, in a few words: its value, or the first line of the reason. */
export function trialWords({ state, value, reason }: TrialView): string {
  if (value !== undefined) return state === 'stopped' ? `${formatNumber(value)} (stopped early)` : formatNumber(value)
  const message = reason?.message.split('\n', 1)[0] ?? ''
  return `${state}: ${oneLine(message, 100)}`
}

export function lostWords({ trial, reason, again }: Progress & { type: 'lost' }): string {
  return `trial ${trial}: ${reason.message}${again ? ' It is tried again.' : ''}`
}

export function noteWords({ text }: Progress & { type: 'note' }): string {
  return `note: ${text}`
}

export function untestedWords({ trial, reason }: Progress & { type: 'untested' }): string {
  return `trial ${trial} could not be tested: ${reason.message}`
}
