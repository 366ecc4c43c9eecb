import { describe, expect, test } from 'vitest'
import { DynotuneError } from '../../src/errors.ts'
import { betterOf, outcomeOf, outcomeOfError, reasonOf, spoilsTrainer } from '../../src/runner/outcome.ts'
import { thrownBy } from '../helpers/errors.ts'

describe('what run returns', () => {
  test.each([
    [0.5, undefined, { loss: 0.5 }],
    [{ loss: 1, accuracy: 0.9 }, 0.1, { loss: 1, accuracy: 0.9 }],
    [undefined, 0.25, { loss: 0.25 }],
    [null, 0.25, { loss: 0.25 }],
  ])('%j with best report %d is a result', (returned, best, metrics) => {
    expect(outcomeOf(returned, 'loss', best, false)).toEqual({ type: 'complete', metrics })
    expect(outcomeOf(returned, 'loss', best, true)).toEqual({ type: 'stopped', metrics })
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, { loss: Number.NEGATIVE_INFINITY, accuracy: 1 }])(
    '%j is a divergence',
    (returned) => {
      expect(outcomeOf(returned, 'loss', 0.1, false)).toMatchObject({
        type: 'infeasible',
        reason: { code: 'trial.diverged' },
      })
    },
  )

  test.each([
    [undefined, 'trial.no_value', undefined],
    [{}, 'trial.no_value', {}],
    ['0.5', 'trial.not_a_number', '0.5'],
    [true, 'trial.not_a_number', true],
    [[1], 'trial.not_a_number', [1]],
    [{ loss: '0.5' }, 'trial.not_a_number', '0.5'],
    [{ loss: 1, note: 'good' }, 'trial.not_a_number', 'good'],
  ])('%j is a mistake: %s', (returned, code, value) => {
    expect(thrownBy(() => outcomeOf(returned, 'loss', undefined, false))).toMatchObject({
      code,
      value,
      remedy: expect.stringContaining('return'),
    })
  })
})

test('the best report is the best finite one by the goal', () => {
  const over = (goal: 'minimize' | 'maximize', values: number[]) =>
    values.reduce<number | undefined>((best, value) => betterOf(goal, best, value), undefined)
  expect(over('minimize', [3, Number.NaN, 1, Number.NEGATIVE_INFINITY, 2])).toBe(1)
  expect(over('maximize', [Number.NaN, 3, 1])).toBe(3)
  expect(over('maximize', [Number.NaN])).toBeNaN()
  expect(over('maximize', [])).toBeUndefined()
})

describe('a reason is made of anything thrown', () => {
  test('an error keeps message and stack', () => {
    const error = new RangeError('too wide')
    expect(reasonOf(error)).toEqual({ code: 'trial.threw', message: 'RangeError: too wide', stack: error.stack })
  })
  test('a typed error keeps code, path, value and the stack of its cause', () => {
    const cause = new Error('below')
    expect(
      reasonOf(new DynotuneError('data.missing', 'No data.', { path: 'digits', value: 'x'.repeat(500), cause })),
    ).toEqual({
      code: 'data.missing',
      message: `No data. At digits. Got "${'x'.repeat(199)}…. Because: below`,
      stack: cause.stack,
    })
  })
  test.each(['text', 7, undefined, null, { a: 1 }])('%j, which is no error', (thrown) => {
    expect(reasonOf(thrown)).toMatchObject({
      code: 'trial.threw',
      message: expect.stringMatching(/^Threw .* which is not an Error\.$/),
    })
  })
})

describe('an error that says what became of the device', () => {
  test.each([
    [new DynotuneError('engine.lost', 'Gone.'), 'lost', 'engine.lost', true],
    [new Error('CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure'), 'lost', 'engine.lost', true],
    [new DynotuneError('engine.memory', 'Full.'), 'lost', 'engine.memory', true],
    [new Error('OOM when allocating tensor with shape[1,2]'), 'lost', 'engine.memory', true],
    [new DynotuneError('engine.broken', 'Refused.'), 'failed', 'engine.broken', true],
    [new DynotuneError('engine.missing', 'Not there.'), 'failed', 'engine.missing', false],
    [new TypeError('no such layer'), 'failed', 'trial.threw', false],
  ])('%s makes the attempt %s; %s', (error, type, code, spoils) => {
    const outcome = outcomeOfError(error)
    expect(outcome).toMatchObject({ type, reason: { code } })
    expect(spoilsTrainer(outcome)).toBe(spoils)
  })

  test('a result spoils nothing', () => {
    expect(spoilsTrainer({ type: 'complete', metrics: { loss: 1 } })).toBe(false)
  })
})
