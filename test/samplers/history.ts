import fc, { type Arbitrary } from 'fast-check'
import { createRandom, type Random } from '../../src/numerics/random.ts'
import type { Assignment } from '../../src/space/params.ts'
import type { Space } from '../../src/space/space.ts'
import type { TrialState } from '../../src/study/trial.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'
import { arbitraryPoint, cycle } from '../space/arbitrary.ts'

/** What became of one trial, before it is known in which space. */
interface Past {
  readonly state: TrialState
  readonly value: number
  readonly point: readonly number[]
}

const state = fc.constantFrom<TrialState>('waiting', 'running', 'complete', 'stopped', 'infeasible', 'failed')
const past = fc.record({ state, value: fc.oneof(fc.double(), fc.constantFrom(0, 1)), point: arbitraryPoint })

/** Trials in any state and with any value: none, one, many, all with the same value, NaN and infinite among them. */
export const arbitraryHistory: Arbitrary<readonly Past[]> = fc.oneof(
  fc.array(past, { maxLength: 12 }),
  fc
    .tuple(fc.array(past, { maxLength: 12 }), fc.constantFrom(0, 1, -1e300, Number.NaN))
    .map(([trials, value]) => trials.map(({ point }): Past => ({ state: 'complete', value, point }))),
)

/** The study so far, frozen: a sampler that writes to it throws. */
export function viewOf(space: Space, seed: number, history: readonly Past[] = []): StudyView {
  return view(
    space,
    seed,
    history.map(({ state, value, point }, number) => trial(number, space.sample(cycle(point)), state, value)),
  )
}

/** The study when all of these have been suggested and none has ended. */
export function pendingView(space: Space, seed: number, params: readonly Assignment[]): StudyView {
  return view(
    space,
    seed,
    params.map((assignment, number) => trial(number, assignment, 'running')),
  )
}

export function streams(seed: number): (trial: number) => Random {
  return (trial) => createRandom(seed, trial, 'sampler')
}

function view(space: Space, seed: number, trials: readonly TrialView[]): StudyView {
  return Object.freeze({ space, metric: 'loss', goal: 'minimize', seed, trials: Object.freeze(trials) })
}

function trial(number: number, params: Assignment, state: TrialState, value = 0): TrialView {
  const hasValue = state === 'complete' || state === 'stopped'
  const hasReason = state === 'infeasible' || state === 'failed'
  return Object.freeze({
    number,
    params: Object.freeze(params),
    state,
    ...(hasValue && { value, metrics: { loss: value } }),
    ...(hasReason && { reason: { code: 'trial.diverged', message: 'the loss is NaN' } as const }),
  })
}
