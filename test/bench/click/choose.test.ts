import { expect, test } from 'vitest'
import { type ChooseOptions, choose, type RunTrial, standardDeviation } from '../../../bench/click/choose.ts'

const options: ChooseOptions = { metric: 'loss', goal: 'minimize', compare: ['model', 'dcn.rank'], repeat: 'seed' }

/** Trials of two seeds each, with these losses. */
function trialsOf(settings: readonly [params: RunTrial['params'], losses: readonly (number | undefined)[]][]) {
  return settings.flatMap(([params, losses]) =>
    losses.map((loss, seed): RunTrial => {
      const metrics = loss !== undefined && { metrics: { loss } }
      return { number: seed, params: { ...params, seed }, seconds: 1, ...metrics }
    }),
  )
}

const trials = trialsOf([
  [{ model: 'mlp', 'mlp.rate': 0.1 }, [5, 4]],
  [{ model: 'mlp', 'mlp.rate': 0.3 }, [1, 9]],
  [{ model: 'dcn', 'dcn.rank': 'full', rate: 0.1 }, [3, 3]],
  [{ model: 'dcn', 'dcn.rank': 'low', rate: 0.1 }, [0, undefined]],
  [{ model: 'dcn', 'dcn.rank': 'low', rate: 0.3 }, [6, 7]],
])

test('what is compared is tuned by the mean over seeds, and the best comes first', () => {
  const chosen = choose(trials, options).map(({ compared, tuned }) => ({ compared, tuned }))
  expect(chosen).toEqual([
    { compared: { model: 'dcn', 'dcn.rank': 'full' }, tuned: { rate: 0.1 } },
    { compared: { model: 'mlp' }, tuned: { 'mlp.rate': 0.1 } },
    // The better rate diverged for one of the seeds.
    { compared: { model: 'dcn', 'dcn.rank': 'low' }, tuned: { rate: 0.3 } },
  ])
})

test('a choice has the trials of all seeds', () => {
  expect(choose(trials, options)[1]?.trials.map(({ metrics }) => metrics?.loss)).toEqual([5, 4])
})

test('with the other goal the worst is best', () => {
  const chosen = choose(trials, { ...options, goal: 'maximize' })
  expect(chosen.map(({ tuned }) => tuned)).toEqual([{ rate: 0.3 }, { 'mlp.rate': 0.3 }, { rate: 0.1 }])
})

test('the deviation is that of a sample', () => {
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12)
  expect(standardDeviation([1])).toBeNaN()
})
