import { describe, expect, test } from 'vitest'
import { splitAtFidelity } from '../../../src/samplers/tpe/fidelity.ts'
import { improvementWeights, splitTrials } from '../../../src/samplers/tpe/split.ts'
import { float } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'
import { type Said, studyOf } from './views.ts'

const space = createSpace({ x: float(0, 1) })
const split = (trials: readonly Said[], share = 0.2) => splitTrials(studyOf(space, trials), share)

describe('good and bad trials', () => {
  test('the best share is good, rounded up, best first; of equal ones the earlier', () => {
    expect(split([5, 1, 4, 1, 2, 1].map((value) => ({ value })))).toMatchObject({ good: [1, 3], bad: [0, 2, 4, 5] })
    expect(split([3, 2, 1, 4, 5].map((value) => ({ value }))).good).toEqual([2])
    expect(split([])).toEqual({ good: [], weights: [], bad: [], known: 0 })
  })

  test('the most is a hundred', () => {
    expect(split(Array.from({ length: 600 }, (_, i) => ({ value: i }))).good).toHaveLength(100)
  })

  test('pending and infeasible trials are bad, as are values that are not finite; failed ones are neither', () => {
    const states = ['waiting', 'running', 'infeasible', 'failed'] as const
    const trials: Said[] = [...states.map((state) => ({ state })), { value: Number.NaN }, { value: 7 }, { value: 8 }]
    expect(split(trials)).toEqual({ good: [5], weights: [1], bad: [0, 1, 2, 4, 6], known: 2 })
  })

  test('a maximum is sought where the study says so', () => {
    const trials = [1, 9, 3].map((value) => ({ value }))
    expect(splitTrials(studyOf(space, trials, { goal: 'maximize' }), 0.2).good).toEqual([1])
  })

  test('weights are the improvements on the best of the others', () => {
    // Gains of 3, 2 and 1, by their mean.
    expect(
      split(
        [1, 2, 3, 4, 9, 9].map((value) => ({ value })),
        0.5,
      ).weights,
    ).toEqual([1.5, 1, 0.5])
    expect(improvementWeights([4, 4], 4)).toEqual([1, 1])
    expect(improvementWeights([-1e308, 1], 1e308)).toEqual([1, 1])
  })

  test('of several objectives, the first fronts are good', () => {
    const values = [
      [1, 4],
      [4, 1],
      [2, 2],
      [3, 3],
      [5, 5],
      [2, 5],
    ]
    const view = studyOf(
      space,
      values.map(([a = 0, b = 0]) => ({ value: a, metrics: { a, b } })),
      {
        objectives: [
          { metric: 'a', goal: 'minimize' },
          { metric: 'b', goal: 'minimize' },
        ],
      },
    )
    const { good, bad } = splitTrials(view, 0.5)
    expect([...good].sort()).toEqual([0, 1, 2])
    expect(bad).toEqual([3, 4, 5])
  })

  test('as long as hardly any trial is within the bounds, the closest to them are good', () => {
    const beyond = (memory: number): Said => ({ state: 'infeasible', metrics: { loss: 0, memory } })
    const bounds = { bounds: [{ metric: 'memory', atMost: 1 }] }
    expect(splitTrials(studyOf(space, [9, 3, 2, 5, 8].map(beyond), bounds), 0.2).good).toEqual([2])
    const feasible = [{ value: 3 }, { value: 2 }].map((said) => ({ ...said, metrics: { loss: said.value, memory: 0 } }))
    expect(splitTrials(studyOf(space, [...[9, 3, 2].map(beyond), ...feasible], bounds), 0.2).good).toEqual([4])
  })
})

describe('the split at a fidelity', () => {
  const curve = (...values: number[]) => values.map((value, i) => ({ step: 3 ** i, value }))
  const at = (trials: readonly Said[], enough: number) => splitAtFidelity(studyOf(space, trials), 0.5, enough)

  test('is at the largest step that enough trials got to, whatever their state', () => {
    const trials: Said[] = [
      { state: 'complete', value: 4, curve: curve(9, 8, 4) },
      { state: 'running', curve: curve(7, 6) },
      { state: 'stopped', value: 5, curve: curve(5) },
      { state: 'running', curve: curve(8) },
      { state: 'running' },
    ]
    expect(at(trials, 4)).toEqual({ step: 1, good: [2, 1], weights: [1.5, 0.5], bad: [0, 3, 4], known: 4 })
    // Stopped before: it tells nothing at step 3. On its way: pending.
    expect(at(trials, 2)).toEqual({ step: 3, good: [1], weights: [1], bad: [0, 3, 4], known: 2 })
    expect(at(trials, 1)).toMatchObject({ step: 9, good: [0], bad: [1, 3, 4] })
  })

  test('takes the last value up to the step', () => {
    const trials: Said[] = [
      {
        state: 'running',
        curve: [
          { step: 1, value: 5 },
          { step: 4, value: 1 },
        ],
      },
      { state: 'running', curve: [{ step: 3, value: 2 }] },
    ]
    expect(at(trials, 2)).toMatchObject({ step: 3, good: [1], bad: [0] })
  })

  test('is at the end where trials have no curves', () => {
    const trials: Said[] = [{ value: 2 }, { value: 1 }, { state: 'failed' }, { state: 'infeasible' }]
    expect(at(trials, 2)).toMatchObject({ step: Number.POSITIVE_INFINITY, good: [1], bad: [0, 3], known: 2 })
    expect(at([], 2)).toMatchObject({ step: 0, known: 0 })
  })
})
