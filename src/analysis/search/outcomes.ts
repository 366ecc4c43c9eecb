import { lossOf } from '../../samplers/observations.ts'
import type { StudyView } from '../../study/view.ts'
import { type Finding, known, unknown } from '../finding.ts'
import { judge } from '../judged.ts'

/** The distribution of what a study's trials came to. */
export interface Outcomes {
  /** The metric's values, best first. */
  readonly values: readonly number[]
  /** Trials that count: those with a value, and infeasible ones, which come last. */
  readonly tried: number
  /**
   * For independent trials the true share that is at least as good as a value is within this of the share seen, for all
   * values at once with 95 % (Dvoretzky, Kiefer and Wolfowitz; the constant by Massart, Ann. Probab. 18, 1990).
   */
  readonly band: number
}

/** What share of trials is how good. Failed trials do not count: their code was at fault. */
export function outcomes(view: StudyView): Finding<Outcomes> {
  const { trials, leftOut } = judge(view)
  if (trials.length === 0) return unknown('No trial has a value.')
  const tried = trials.length + leftOut.infeasible
  const losses = trials.map(({ y }) => y).sort((a, b) => a - b)
  return known({
    values: losses.map((loss) => lossOf(view.goal, loss)),
    tried,
    band: Math.sqrt(Math.log(2 / 0.05) / (2 * tried)),
  })
}
