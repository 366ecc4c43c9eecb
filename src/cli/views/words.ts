import { formatNumber } from '../../report/format.ts'
import type { TrialView } from '../../study/view.ts'

/** What came of a trial, in a few words: its value, or the first line of the reason. */
export function trialWords({ state, value, reason }: TrialView): string {
  if (value !== undefined) return state === 'stopped' ? `${formatNumber(value)} (stopped early)` : formatNumber(value)
  const message = reason?.message.split('\n', 1)[0] ?? ''
  return `${state}: ${message.length > 100 ? `${message.slice(0, 99)}…` : message}`
}
