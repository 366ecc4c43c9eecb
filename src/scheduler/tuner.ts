import { DynotuneError } from '../errors.ts'
import { samplerNamed } from '../samplers/registry.ts'
import type { SpaceSpec } from '../space/domain.ts'
import type { Params } from '../space/params.ts'
import { flattenPartial, type PartialParams } from '../space/partial.ts'
import { createSpace } from '../space/space.ts'
import type { Sampler } from '../study/sampler.ts'
import type { Bound, EarlierTrial, Goal, Objective, TrialView } from '../study/view.ts'
import { judge } from './judge.ts'
import { createLedger } from './ledger.ts'
import { type Suggestions, suggest } from './suggest.ts'
import type { Told } from './told.ts'

export interface TunerOptions<S extends SpaceSpec> {
  readonly space: S
  /** Default `minimize`. */
  readonly goal?: Goal
  /** A sampler or its name; default `auto`. */
  readonly sampler?: string | Sampler
  /** Default 0. */
  readonly seed?: number
  /** The name of the metric that decides; default `value`. */
  readonly metric?: string
  /** Trials of an earlier run to continue from, by number without gaps. */
  readonly trials?: readonly TrialView[]
  /** Parameters to try first; what an entry leaves out is drawn. */
  readonly enqueue?: readonly PartialParams<S>[]
  /** All objectives, the tuner's metric first, where there are several. */
  readonly objectives?: readonly Objective[]
  /** Limits on metrics: a trial beyond one is infeasible. */
  readonly bounds?: readonly Bound[]
  /** Whether parameters are worth a trial, by what is known before any. */
  allows?(params: Params<S>): boolean
  /** How many trials there will be, if that is known, and how many at once: samplers may plan with it. */
  readonly budget?: number
  readonly parallel?: number
  /** What earlier studies of overlapping spaces found. */
  readonly earlier?: readonly EarlierTrial[]
}

export interface AskedTrial<P> {
  readonly number: number
  readonly params: P
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
  const { goal = 'minimize', seed = 0, metric = 'value', sampler: given = 'auto', ...others } = options
  const { allows, enqueue = [], space: spec, ...rest } = others
  const sampler = typeof given === 'string' ? samplerNamed(given) : given
  const space = createSpace(spec)
  const ledger = createLedger({
    ...rest,
    space,
    metric,
    goal,
    seed,
    enqueue: enqueue.map((params, index) => flattenPartial(space, params, `enqueue.${index}`)),
    ...(allows && { allows: (assignment) => allows(space.nest(assignment)) }),
  })
  const { view } = ledger
  sampler.check?.(view)

  function add(suggestions: Suggestions): AskedTrial<Params<S>>[] {
    const added = ledger.add(suggestions, sampler.name)
    return added.map(({ number, params }) => ({ number, params: space.nest(params) }))
  }

  function askSeveral(count: number): AskedTrial<Params<S>>[] {
    const first = add(ledger.enqueued(count))
    return [...first, ...add(suggest(sampler, view, count - first.length))]
  }

  function askOne(): AskedTrial<Params<S>> {
    const [trial] = askSeveral(1)
    if (trial) return trial
    throw new DynotuneError('tuner.exhausted', `All ${space.size} assignments of the space have been tried.`, {
      value: view.trials.length,
    })
  }

  function ask(): AskedTrial<Params<S>>
  function ask(count: number): AskedTrial<Params<S>>[]
  function ask(count?: number) {
    return count === undefined ? askOne() : askSeveral(count)
  }

  return {
    ask,
    tell: (number, outcome) => void ledger.finish(number, () => judge(outcome, view)),
    get best() {
      return ledger.best
    },
    trials: view.trials,
  }
}
