import { expect, test } from 'vitest'
import { wilcoxon } from '../../src/pruners/wilcoxon.ts'
import { completed, decideLast, running, studyOf } from './studies.ts'

const rival = { ...completed([5, 1, 4, 2, 3]), value: 3 }

test('a trial that is worse on every fold is stopped as soon as chance is unlikely: at the fourth', () => {
  const worse = [6, 3, 7, 6]
  expect(decideLast(wilcoxon(), studyOf([rival, running(worse.slice(0, 3))])).stop).toBe(false)
  expect(decideLast(wilcoxon(), studyOf([rival, running(worse)]))).toEqual({
    stop: true,
    because: 'It is worse than trial 0, the best, on 4 of 4 folds: p 0.0625 (below 0.1) by the signed-rank test.',
  })
  expect(decideLast(wilcoxon({ pValue: 0.05 }), studyOf([rival, running(worse)])).stop).toBe(false)
  expect(decideLast(wilcoxon({ minFolds: 5 }), studyOf([rival, running(worse)])).stop).toBe(false)
})

test('folds are paired by their number, however hard each is', () => {
  // Only the folds 2, 4 and 5 are the same; on those it is better.
  expect(decideLast(wilcoxon({ pValue: 0.2 }), studyOf([rival, running([0.9, 1.9, 2.9, 99], [2, 4, 5, 7])])).stop).toBe(
    false,
  )
  // On those it is worse: 1/8.
  expect(decideLast(wilcoxon({ pValue: 0.2 }), studyOf([rival, running([2, 4, 6, 9], [2, 4, 5, 7])])).stop).toBe(true)
})

test('a fold without a finite value is not compared', () => {
  const worse = [6, Number.NaN, 7, 6, 8]
  expect(decideLast(wilcoxon(), studyOf([rival, running(worse.slice(0, 4))])).stop).toBe(false)
  expect(decideLast(wilcoxon(), studyOf([rival, running(worse)])).stop).toBe(true)
})
