import { DynotuneError } from '../errors.ts'
import type { StudyView, TrialView } from '../study/view.ts'
import type { Told } from './told.ts'

/** How a trial ended, once held against what its study asks for. */
export type Judged = Pick<TrialView, 'value' | 'metrics' | 'reason'> & { readonly state: Told['state'] }

/**
 * What an outcome means to a study: a number that is not finite has diverged, and a metric beyond a bound makes the trial
 * infeasible, with its metrics kept.
 * @throws DynotuneError `tuner.value` when a trial that completed or was stopped lacks the metric or another objective
 */
export function judge(
  outcome: number | Told,
  { metric, objectives = [], bounds = [] }: Pick<StudyView, 'metric' | 'objectives' | 'bounds'>,
): Judged {
  if (typeof outcome === 'number' && !Number.isFinite(outcome)) {
    return { state: 'infeasible', reason: { code: 'trial.diverged', message: `Diverged: ${metric} is ${outcome}.` } }
  }
  const told: Told = typeof outcome === 'number' ? { state: 'complete', values: { [metric]: outcome } } : outcome
  const { state, values = {}, reason } = told
  const value = values[metric]
  const rest = { ...(told.values && { metrics: values }), ...(reason && { reason }) }
  if (state !== 'complete' && state !== 'stopped') return { state, ...(value !== undefined && { value }), ...rest }
  for (const name of [metric, ...objectives.map((objective) => objective.metric)]) {
    if (Number.isFinite(values[name])) continue
    throw new DynotuneError('tuner.value', `A trial that is ${state} needs a finite "${name}".`, {
      path: `values.${name}`,
      value: values[name],
    })
  }
  for (const { metric: name, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } of bounds) {
    const bounded = values[name]
    // One that was not reported cannot be held against its bound; NaN is beyond any.
    if (bounded === undefined || (bounded <= atMost && bounded >= atLeast)) continue
    const limit = bounded >= atLeast ? `at most ${atMost}` : `at least ${atLeast}`
    const message = `${name} is ${bounded}, and the study wants ${limit}.`
    return { state: 'infeasible', metrics: values, reason: { code: 'trial.bound', message } }
  }
  return { state, ...(value !== undefined && { value }), ...rest }
}
