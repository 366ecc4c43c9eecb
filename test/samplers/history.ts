import fc, { type Arbitrary } from 'fast-check'
import { createRandom, type Random } from '../../src/numerics/random.ts'
import type { Assignment } from '../../src/space/params.ts'
import type { Space } from '../../src/space/space.ts'
import type { TrialState } from '../../src/study/trial.ts'
import type { CurvePoint, EarlierTrial, StudyView, TrialView } from '../../src/study/view.ts'
import { arbitraryPoint, cycle } from '../space/arbitrary.ts'

/** What became of one trial, before it is known in which space. */
export interface Past {
  readonly state: TrialState
  readonly value: number
  /** Where in the space it was: nothing says that the sampler suggested it. */
  readonly point: readonly number[]
  readonly curve?: readonly CurvePoint[]
  /** Another metric: `size`. */
  readonly size?: number
}

const STATES = ['waiting', 'running', 'complete', 'stopped', 'infeasible', 'failed'] as const
const state = fc.constantFrom<TrialState>(...STATES)
const value = fc.oneof(fc.double(), fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1))
const curve = fc
  .array(value, { maxLength: 4 })
  .map((values): CurvePoint[] => values.map((at, i) => ({ step: 10 * 3 ** i, value: at })))
const past = fc.record({ state, value, point: arbitraryPoint, curve, size: value })
const pasts = fc.oneof(
  { weight: 3, arbitrary: fc.array(past, { maxLength: 12 }) },
  // Beyond the trials that samplers begin with.
  { weight: 1, arbitrary: fc.array(past, { minLength: 15, maxLength: 30 }) },
)

/**
 * Trials in any state and with any value: none, one, many, all in the same state, all with the same value, NaN and infinite
 * among them. Their parameters are anything in the space, as those of enqueued trials are.
 */
export const arbitraryHistory: Arbitrary<readonly Past[]> = fc.oneof(
  pasts,
  fc
    .tuple(pasts, fc.constantFrom(0, 1, -1e300, Number.NaN))
    .map(([trials, same]) => trials.map((each): Past => ({ ...each, state: 'complete', value: same }))),
  fc.tuple(pasts, state).map(([trials, same]) => trials.map((each): Past => ({ ...each, state: same }))),
)

/** What else a study may say: its goal, more objectives, limits on metrics, how much it may run. */
export const arbitraryTerms: Arbitrary<Partial<StudyView>> = fc
  .record({
    goal: fc.constantFrom('minimize' as const, 'maximize' as const),
    budget: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    parallel: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    second: fc.constantFrom(undefined, 'minimize' as const, 'maximize' as const),
    limit: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
  })
  .map(({ goal, budget, parallel, second, limit }) => ({
    goal,
    ...(budget !== undefined && { budget }),
    ...(parallel !== undefined && { parallel }),
    ...(second && {
      objectives: [
        { metric: 'loss', goal },
        { metric: 'size', goal: second },
      ],
    }),
    ...(limit !== undefined && { bounds: [{ metric: 'size', atMost: limit }] }),
  }))

/** The study so far, frozen: a sampler that writes to it throws. */
export function viewOf(
  space: Space,
  seed: number,
  history: readonly Past[] = [],
  terms: Partial<StudyView> = {},
): StudyView {
  const trials = history.map((each, number) => trialOf(number, space.sample(cycle(each.point)), each))
  return view(space, seed, trials, terms)
}

/** The study when all of these have been suggested and none has ended. */
export function pendingView(space: Space, seed: number, params: readonly Assignment[]): StudyView {
  return toldView(space, seed, params, () => ({ state: 'running', value: 0 }))
}

/** The study when all of these have been suggested, with what became of each. */
export function toldView(
  space: Space,
  seed: number,
  params: readonly Assignment[],
  outcome: (number: number) => Omit<Past, 'point'>,
  terms: Partial<StudyView> = {},
): StudyView {
  const trials = params.map((assignment, number) => trialOf(number, assignment, outcome(number)))
  return view(space, seed, trials, terms)
}

/** The trials of a history as those of earlier studies, each without some of its parameters. */
export function earlierOf(space: Space, history: readonly Past[]): EarlierTrial[] {
  return history
    .filter(({ value }) => Number.isFinite(value))
    .map(({ point, value }, i) => {
      const kept = Object.entries(space.sample(cycle(point))).filter((_, at) => (at + i) % 4 !== 3)
      return { study: `study ${i % 2}`, goal: 'minimize', params: Object.fromEntries(kept), value }
    })
}

export function streams(seed: number): (trial: number) => Random {
  return (trial) => createRandom(seed, trial, 'sampler')
}

function view(space: Space, seed: number, trials: readonly TrialView[], terms: Partial<StudyView>): StudyView {
  return Object.freeze({ space, metric: 'loss', goal: 'minimize', seed, trials: Object.freeze(trials), ...terms })
}

function trialOf(
  number: number,
  params: Assignment,
  { state, value, curve, size = 0 }: Omit<Past, 'point'>,
): TrialView {
  const hasValue = state === 'complete' || state === 'stopped'
  const hasReason = state === 'infeasible' || state === 'failed'
  return Object.freeze({
    number,
    params: Object.freeze(params),
    state,
    ...(hasValue && { value, metrics: { loss: value, size } }),
    ...(hasReason && { reason: { code: 'trial.diverged', message: 'the loss is NaN' } as const }),
    ...(curve && state !== 'waiting' && { curve: Object.freeze(curve) }),
  })
}
