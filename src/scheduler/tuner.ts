import { DynotuneError } from '../errors.ts'
import { createRandom } from '../numerics/random.ts'
import { samplerNamed } from '../samplers/registry.ts'
import type { SpaceSpec } from '../space/domain.ts'
import type { Params } from '../space/params.ts'
import { createSpace } from '../space/space.ts'
import type { Sampler } from '../study/sampler.ts'
import type { FinalState, Metrics, Reason } from '../study/trial.ts'
import { best, type Goal, isFinal, type StudyView, type TrialView } from '../study/view.ts'

export interface TunerOptions<S extends SpaceSpec> {
  readonly space: S
  /** Default `minimize`. */
  readonly goal?: Goal
  /** A sampler or its name; default `halton`. */
  readonly sampler?: string | Sampler
  /** Default 0. */
  readonly seed?: number
  /** The name of the metric that decides; default `value`. */
  readonly metric?: string
  /** Trials of an earlier run to continue from, by number without gaps. */
  readonly trials?: readonly TrialView[]
}

export interface AskedTrial<P> {
  readonly number: number
  readonly params: P
}

/** The outcome of a trial where it is more than a number. */
export interface Told {
  readonly state: FinalState
  /** With the tuner's metric among them when the state is `complete` or `stopped`. */
  readonly values?: Metrics
  readonly reason?: Reason
}

/** Ask for parameters, evaluate them however you like, tell the value. In memory, no processes: for use inside other code. */
export interface Tuner<P> {
  /** The next trial. @throws DynotuneError `tuner.exhausted` when a finite space has been used up */
  ask(): AskedTrial<P>
  /** Up to `count` trials; fewer when the space is used up. */
  ask(count: number): AskedTrial<P>[]
  /**
   * The value of an asked trial; one that is not finite makes it infeasible.
   * @throws DynotuneError `tuner.unknown_trial`, `tuner.finished_trial`, `tuner.value`
   */
  tell(trial: number, outcome: number | Told): void
  /** The best trial with a value so far. */
  readonly best: (TrialView & { readonly value: number }) | undefined
  readonly trials: readonly TrialView[]
}

/**
 * Creates a tuner.
 * @throws DynotuneError `space.*`, `sampler.unknown`, or what the sampler has against the space
 */
export function createTuner<const S extends SpaceSpec>(options: TunerOptions<S>): Tuner<Params<S>> {
  const { goal = 'minimize', seed = 0, metric = 'value' } = options
  const sampler = typeof options.sampler === 'object' ? options.sampler : samplerNamed(options.sampler ?? 'halton')
  const space = createSpace(options.space)
  const trials: TrialView[] = [...(options.trials ?? [])]
  const view: StudyView = { space, metric, goal, seed, trials }
  let leader = best(trials, goal)
  sampler.check?.(view)

  function askSeveral(count: number): AskedTrial<Params<S>>[] {
    const suggested = sampler.suggest(view, count, (trial) => createRandom(seed, trial, `sampler/${sampler.name}`))
    return suggested.map((params) => {
      const number = trials.length
      if (!space.contains(params)) {
        throw new DynotuneError(
          'sampler.suggestion',
          `The sampler "${sampler.name}" suggested parameters outside the space.`,
          { path: 'sampler', value: params },
        )
      }
      trials.push({ number, params, state: 'waiting' })
      return { number, params: space.nest(params) }
    })
  }

  function askOne(): AskedTrial<Params<S>> {
    const [trial] = askSeveral(1)
    if (trial) return trial
    throw new DynotuneError('tuner.exhausted', `All ${space.size} assignments of the space have been tried.`, {
      value: trials.length,
    })
  }

  function ask(): AskedTrial<Params<S>>
  function ask(count: number): AskedTrial<Params<S>>[]
  function ask(count?: number) {
    return count === undefined ? askOne() : askSeveral(count)
  }

  function tell(number: number, outcome: number | Told): void {
    const trial = trials[number]
    if (!trial)
      throw new DynotuneError('tuner.unknown_trial', `There is no trial ${number}: it was never asked for.`, {
        value: number,
      })
    if (isFinal(trial.state))
      throw new DynotuneError('tuner.finished_trial', `Trial ${number} has been told already.`, { value: number })
    const told = { ...trial, ...judge(outcome, metric) }
    trials[number] = told
    leader = best(leader ? [leader, told] : [told], goal)
  }

  return {
    ask,
    tell,
    get best() {
      return leader
    },
    trials,
  }
}

function judge(outcome: number | Told, metric: string): Partial<TrialView> {
  if (typeof outcome === 'number') {
    if (Number.isFinite(outcome)) return { state: 'complete', value: outcome, metrics: { [metric]: outcome } }
    return { state: 'infeasible', reason: { code: 'trial.diverged', message: `Diverged: ${metric} is ${outcome}.` } }
  }
  const { state, values, reason } = outcome
  const value = values?.[metric]
  if ((state === 'complete' || state === 'stopped') && !Number.isFinite(value)) {
    throw new DynotuneError('tuner.value', `A trial that is ${state} needs a finite "${metric}".`, {
      path: `values.${metric}`,
      value,
    })
  }
  return { state, ...(value !== undefined && { value }), ...(values && { metrics: values }), ...(reason && { reason }) }
}
