import { expect, test } from 'vitest'
import type { TrialState } from '../../src/study/trial.ts'
import { best, hasValue, isBetter, isFinal, ranked, type TrialView } from '../../src/study/view.ts'

const trial = (number: number, state: TrialState, value?: number): TrialView => ({
  number,
  params: {},
  state,
  ...(value !== undefined && { value }),
})

const trials = [
  trial(0, 'complete', 0.5),
  trial(1, 'stopped', 0.2),
  trial(2, 'infeasible'),
  trial(3, 'complete', 0.9),
  trial(4, 'failed'),
  trial(5, 'complete', 0.2),
  trial(6, 'running'),
  trial(7, 'complete', 0.9),
  trial(8, 'waiting'),
]
const numbers = (views: readonly TrialView[]) => views.map(({ number }) => number)

test('trials with a value are ranked by the goal, equal ones by number', () => {
  expect(numbers(ranked(trials, 'minimize'))).toEqual([1, 5, 0, 3, 7])
  expect(numbers(ranked(trials, 'maximize'))).toEqual([3, 7, 0, 1, 5])
  expect(numbers(ranked(trials.toReversed(), 'minimize'))).toEqual([1, 5, 0, 3, 7])
  expect(numbers(trials)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('the best is the first of the ranking', () => {
  expect(best(trials, 'minimize')?.number).toBe(1)
  expect(best(trials, 'maximize')?.number).toBe(3)
  expect(best([], 'minimize')).toBeUndefined()
  expect(best([trial(0, 'failed'), trial(1, 'running')], 'minimize')).toBeUndefined()
})

test('a value counts only when the trial completed or was stopped', () => {
  expect(hasValue(trial(0, 'complete', 0))).toBe(true)
  expect(hasValue(trial(0, 'stopped', -1))).toBe(true)
  expect(hasValue(trial(0, 'complete'))).toBe(false)
  expect(hasValue(trial(0, 'running', 1))).toBe(false)
  expect(hasValue(trial(0, 'infeasible', 1))).toBe(false)
})

test('better is strict, in the direction of the goal', () => {
  expect(isBetter('minimize', 1, 2)).toBe(true)
  expect(isBetter('maximize', 1, 2)).toBe(false)
  expect(isBetter('minimize', 1, 1)).toBe(false)
  expect(isBetter('maximize', 1, 1)).toBe(false)
})

test('all states but waiting and running are final', () => {
  const states: TrialState[] = ['waiting', 'running', 'complete', 'stopped', 'infeasible', 'failed']
  expect(states.filter(isFinal)).toEqual(['complete', 'stopped', 'infeasible', 'failed'])
})
