import { choice, createTuner, float, int } from 'dynotune'
import { describe, expect, test } from 'vitest'
import { thrownBy } from '../helpers/errors.ts'

const space = { x: float(-1, 1), kind: choice({ a: { y: int(1, 3) }, b: {} }) }

describe('ask and tell', () => {
  test('find the minimum of a parabola, with typed parameters', () => {
    const tuner = createTuner({ space: { x: float(-1, 1), y: float(-1, 1) } })
    for (let i = 0; i < 200; i++) {
      const { number, params } = tuner.ask()
      tuner.tell(number, (params.x - 0.3) ** 2 + (params.y + 0.5) ** 2)
    }
    expect(tuner.best?.value).toBeLessThan(0.02)
    expect(tuner.best?.params.x).toBeCloseTo(0.3, 0)
    expect(tuner.trials).toHaveLength(200)
  })

  test('give nested parameters by number, one or several at a time, the same either way', () => {
    const single = createTuner({ space, seed: 3, sampler: 'halton' })
    const bulk = createTuner({ space, seed: 3, sampler: 'halton' })
    const asked = Array.from({ length: 20 }, () => single.ask())
    expect(bulk.ask(20)).toEqual(asked)
    expect(asked.map(({ number }) => number)).toEqual(asked.map((_, i) => i))
    expect(asked.every(({ params }) => (params.kind.kind === 'a' ? params.kind.y >= 1 : !('y' in params.kind)))).toBe(
      true,
    )
  })

  test('judge by the goal; the earlier of two equals is the best', () => {
    const tuner = createTuner({ space, goal: 'maximize' })
    tuner.ask(4)
    for (const [trial, value] of [1, 5, 5, -7].entries()) tuner.tell(trial, value)
    expect(tuner.best).toMatchObject({ number: 1, value: 5, state: 'complete' })
  })

  test('take trials out of order and in any state', () => {
    const tuner = createTuner({ space, metric: 'loss' })
    tuner.ask(5)
    tuner.tell(4, Number.NaN)
    tuner.tell(2, { state: 'complete', values: { loss: 2, accuracy: 0.5 } })
    tuner.tell(0, { state: 'failed', reason: { code: 'trial.threw', message: 'no' } })
    tuner.tell(3, { state: 'stopped', values: { loss: 1 } })
    expect(tuner.trials.map(({ state }) => state)).toEqual(['failed', 'waiting', 'complete', 'stopped', 'infeasible'])
    expect(tuner.trials[4]?.reason).toEqual({ code: 'trial.diverged', message: 'Diverged: loss is NaN.' })
    expect(tuner.best?.number).toBe(3)
    expect(tuner.trials[2]?.metrics).toEqual({ loss: 2, accuracy: 0.5 })
  })

  test('continue from earlier trials', () => {
    const first = createTuner({ space, seed: 1 })
    first.ask(3)
    first.tell(1, 0.5)
    const second = createTuner({ space, seed: 1, trials: first.trials })
    expect(second.best?.number).toBe(1)
    expect(second.ask()).toEqual(first.ask())
    second.tell(0, 0.1)
    expect(second.best?.number).toBe(0)
  })

  test('end when a finite space is used up', () => {
    const tuner = createTuner({ space: { n: int(1, 3) }, sampler: 'grid' })
    expect(tuner.ask(10).map(({ params }) => params.n)).toEqual([1, 2, 3])
    expect(thrownBy(() => tuner.ask())).toMatchObject({
      code: 'tuner.exhausted',
      message: 'All 3 assignments of the space have been tried.',
    })
  })
})

describe('mistakes are named', () => {
  test('telling what was never asked, twice, or without a value', () => {
    const tuner = createTuner({ space, metric: 'loss' })
    tuner.ask(2)
    tuner.tell(0, 1)
    expect(thrownBy(() => tuner.tell(0, 2))).toMatchObject({ code: 'tuner.finished_trial', value: 0 })
    expect(thrownBy(() => tuner.tell(9, 2))).toMatchObject({ code: 'tuner.unknown_trial', value: 9 })
    expect(thrownBy(() => tuner.tell(1, { state: 'complete', values: { accuracy: 1 } }))).toMatchObject({
      code: 'tuner.value',
      path: 'values.loss',
    })
    expect(tuner.best?.value).toBe(1)
  })

  test('a sampler that is unknown, cannot use the space, or leaves it', () => {
    expect(thrownBy(() => createTuner({ space, sampler: 'magic' })).code).toBe('sampler.unknown')
    expect(thrownBy(() => createTuner({ space, sampler: 'grid' })).code).toBe('space.infinite')
    const rogue = createTuner({ space, sampler: { name: 'rogue', suggest: () => [{ x: 7 }] } })
    expect(thrownBy(() => rogue.ask())).toMatchObject({
      code: 'sampler.suggestion',
      value: { x: 7 },
      message: expect.stringContaining('rogue'),
    })
  })
})
