import fc, { type Arbitrary } from 'fast-check'
import { float } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import type { Pruner } from '../../src/study/pruner.ts'
import type { TrialState } from '../../src/study/trial.ts'
import type { CurvePoint, Goal, StudyView, TrialView } from '../../src/study/view.ts'

const SPACE = createSpace({ x: float(0, 1) })

/** One trial of a study that a test makes up. */
export interface Past {
  readonly state: TrialState
  readonly curve: readonly CurvePoint[]
  readonly value?: number
}

/** A study of these trials, numbered in their order and frozen: a pruner that writes to it throws. */
export function studyOf(past: readonly Past[], goal: Goal = 'minimize'): StudyView {
  const trials = past.map(({ state, curve, value }, number): TrialView => {
    const hasValue = state === 'complete' || state === 'stopped'
    const points = Object.freeze(curve.map((point) => Object.freeze({ ...point })))
    return Object.freeze({
      number,
      params: {},
      state,
      curve: points,
      ...(hasValue && { value: value ?? bestOf(curve, goal) }),
    })
  })
  return Object.freeze({ space: SPACE, metric: 'loss', goal, seed: 0, trials: Object.freeze(trials) })
}

/** What a pruner says of the last trial of a study. */
export function decideLast(pruner: Pruner, view: StudyView) {
  const trial = view.trials.at(-1)
  if (!trial) throw new RangeError('a study without trials')
  return pruner.decide(trial, view)
}

/** Values at the steps 1, 2, … or those given. */
export function curveOf(values: readonly number[], steps = values.map((_, i) => i + 1)): CurvePoint[] {
  return values.map((value, i) => ({ step: steps[i] ?? 0, value }))
}

export function completed(values: readonly number[], steps?: number[]): Past {
  return { state: 'complete', curve: curveOf(values, steps) }
}

export function running(values: readonly number[], steps?: number[]): Past {
  return { state: 'running', curve: curveOf(values, steps) }
}

function bestOf(curve: readonly CurvePoint[], goal: Goal): number {
  const finite = curve.map(({ value }) => value).filter(Number.isFinite)
  return goal === 'minimize' ? Math.min(...finite) : Math.max(...finite)
}

/** The length of all whole curves of `arbitraryStudy`. */
export const LENGTH = 12

const report = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e300) },
)
const falling = fc
  .tuple(fc.array(report, { minLength: LENGTH, maxLength: LENGTH }), fc.double({ min: 0, max: 3, noNaN: true }))
  .map(([noise, height]) => noise.map((value, i) => value / 4 + height / (i + 1) + height / 4))
const past = fc
  .record({
    values: falling,
    state: fc.constantFrom<TrialState>(
      'complete',
      'complete',
      'complete',
      'stopped',
      'running',
      'infeasible',
      'waiting',
    ),
    length: fc.integer({ min: 0, max: LENGTH }),
  })
  .map(({ values, state, length }): Past => {
    const reports = state === 'complete' ? LENGTH : state === 'waiting' ? 0 : length
    return { state, curve: curveOf(values.slice(0, reports)) }
  })

/** Trials of which the last is running and has reported; curves fall, more or less, and may hold what is not finite. */
export const arbitraryStudy: Arbitrary<readonly Past[]> = fc
  .tuple(fc.array(past, { maxLength: 14 }), falling, fc.integer({ min: 1, max: LENGTH - 1 }))
  .map(([others, values, length]) => [...others, running(values.slice(0, length))])
