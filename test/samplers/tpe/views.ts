import type { Assignment } from '../../../src/space/params.ts'
import type { Space } from '../../../src/space/space.ts'
import type { StudyView, TrialView } from '../../../src/study/view.ts'

/** What is said of one trial; `complete` where it has a value, else `running`. */
export type Said = Partial<Omit<TrialView, 'number'>>

/** A study to be minimised with these trials. */
export function studyOf(space: Space, trials: readonly Said[], more: Partial<StudyView> = {}): StudyView {
  return {
    space,
    metric: 'loss',
    goal: 'minimize',
    seed: 0,
    trials: trials.map((said, number) => ({
      number,
      params: {},
      state: said.value === undefined ? 'running' : 'complete',
      ...said,
    })),
    ...more,
  }
}

/** Complete trials where a function of them has a finite value, infeasible ones elsewhere. */
export function evaluated(params: readonly Assignment[], loss: (params: Assignment) => number): Said[] {
  return params.map((assignment): Said => {
    const value = loss(assignment)
    return Number.isFinite(value) ? { params: assignment, value } : { params: assignment, state: 'infeasible' }
  })
}
