import { describe, expect, test } from 'vitest'
import { median, percentile } from '../../src/pruners/percentile.ts'
import { completed, decideLast, running, studyOf } from './studies.ts'

/** At step 2: 1, 2, 3, 4. The last is the best, so that no trial below is. */
const others = [completed([9, 1]), completed([9, 2]), completed([9, 3]), completed([9, 4]), completed([0])]

describe('the median pruner', () => {
  test('stops a trial whose best is worse than the median at its step', () => {
    expect(decideLast(median(), studyOf([...others, running([9, 2.6])]))).toEqual({
      stop: true,
      because: 'Its best up to step 2, 2.6, is worse than the median of 4 completed trials there, 2.5.',
    })
    expect(decideLast(median(), studyOf([...others, running([9, 2.5])])).stop).toBe(false)
    expect(decideLast(median(), studyOf([...others, running([2, 9])])).stop).toBe(false)
  })

  test('compares at equal steps where others report at others', () => {
    // At step 15, halfway: 6 and 8.
    const coarse = [completed([8, 4], [10, 20]), completed([10, 6], [10, 20])]
    const pruner = median({ warmupTrials: 2 })
    expect(decideLast(pruner, studyOf([...coarse, running([7.1], [15])])).stop).toBe(true)
    expect(decideLast(pruner, studyOf([...coarse, running([6.9], [15])])).stop).toBe(false)
  })

  test('looks once an interval, counted from the warm-up', () => {
    const pruner = median({ warmupTrials: 1, warmupSteps: 3, interval: 4 })
    const stopsAt = [1, 2, 3, 4, 5, 6, 7, 8].filter((step) => {
      const curve = Array.from({ length: step }, () => 5)
      return decideLast(pruner, studyOf([completed(Array.from({ length: 8 }, () => 1)), running(curve)])).stop
    })
    expect(stopsAt).toEqual([3, 7])
  })

  test('stops a trial without a finite report', () => {
    expect(decideLast(median(), studyOf([...others, running([Number.NaN, Number.POSITIVE_INFINITY])]))).toEqual({
      stop: true,
      because: 'None of its reports up to step 2 is a finite number.',
    })
  })
})

test('the percentile pruner keeps the best share, by the quantile between two trials', () => {
  // A quarter of the way through 1, 2, 3, 4 is 1.75.
  expect(decideLast(percentile(), studyOf([...others, running([9, 1.76])]))).toEqual({
    stop: true,
    because: 'Its best up to step 2, 1.76, is worse than the best 25 % of 4 completed trials there, 1.75.',
  })
  expect(decideLast(percentile(), studyOf([...others, running([9, 1.75])])).stop).toBe(false)
  expect(decideLast(percentile({ minTrials: 5 }), studyOf([...others, running([9, 3])])).stop).toBe(false)
})
