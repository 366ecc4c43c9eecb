import type { Assignment } from '../../../src/space/params.ts'
import type { Space } from '../../../src/space/space.ts'
import type { Sampler } from '../../../src/study/sampler.ts'
import type { Metrics } from '../../../src/study/trial.ts'
import type { StudyView, TrialView } from '../../../src/study/view.ts'
import { streams } from '../history.ts'

export interface Run {
  readonly trials: number
  readonly seed?: number
  /** Trials that run at once; they end in an order of their own. */
  readonly parallel?: number
  readonly with?: Partial<StudyView>
}

/**
 * A study of what `measure` says of each assignment: every metric from `a` on that it gives for the first of all is an
 * objective to be minimised, unless the run says otherwise. Trials beyond the run's bounds end as infeasible, and those that
 * measure NaN too.
 */
export function optimize(
  sampler: Sampler,
  space: Space,
  measure: (params: Assignment) => Metrics,
  run: Run,
): TrialView[] {
  const { trials: count, seed = 1, parallel = 1, with: terms = {} } = run
  const trials: TrialView[] = []
  const pending: number[] = []
  while (trials.length < count || pending.length > 0) {
    const names = ['a', 'b', 'c'].filter((name) => trials.some(({ metrics }) => metrics?.[name] !== undefined))
    const view: StudyView = {
      space,
      metric: 'a',
      goal: 'minimize',
      seed,
      trials: [...trials],
      parallel,
      ...(names.length > 1 && { objectives: names.map((metric) => ({ metric, goal: 'minimize' as const })) }),
      ...terms,
    }
    const free = Math.min(parallel - pending.length, count - trials.length)
    for (const params of sampler.suggest(view, free, streams(seed))) {
      pending.push(trials.length)
      trials.push({ number: trials.length, params, state: 'running' })
    }
    const [number = 0] = pending.splice((trials.length * 7) % pending.length, 1)
    const params = trials[number]?.params ?? {}
    trials[number] = ended(number, params, measure(params), terms)
  }
  return trials
}

function ended(number: number, params: Assignment, metrics: Metrics, { bounds = [] }: Partial<StudyView>): TrialView {
  const { a: value = Number.NaN } = metrics
  const isBeyond = bounds.some(({ metric, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }) => {
    const found = metrics[metric] ?? Number.NaN
    return !(found <= atMost && found >= atLeast)
  })
  if (isBeyond || Number.isNaN(value)) {
    const reason = { code: 'trial.diverged', message: 'beyond a bound' } as const
    return { number, params, state: 'infeasible', metrics, reason }
  }
  return { number, params, state: 'complete', value, metrics }
}
