import { isFinal, type StudyView, type TrialView } from '../study/view.ts'

/**
 * What a suggestion for the next trial may go by, so that a study comes out the same however long its trials take: the outcomes
 * of all trials but the last `lag` - 1, which count as running even where they have ended. With as many trainers as the lag a
 * trial can begin when the one that many before it has ended.
 * @param lag trials that run at once, at least 1
 * @returns undefined while one of the trials that it must know has not ended
 */
export function viewWithLag(view: StudyView, lag: number): StudyView | undefined {
  const { trials } = view
  const known = trials.length - lag + 1
  if (trials.slice(0, Math.max(0, known)).some(({ state }) => !isFinal(state))) return undefined
  return { ...view, trials: trials.map((trial, i) => (i < known ? trial : running(trial))) }
}

function running({ number, params, parent }: TrialView): TrialView {
  return { number, params, state: 'running', ...(parent !== undefined && { parent }) }
}
