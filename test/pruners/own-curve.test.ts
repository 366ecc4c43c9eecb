import { describe, expect, test } from 'vitest'
import { patience } from '../../src/pruners/patience.ts'
import { threshold } from '../../src/pruners/threshold.ts'
import { completed, decideLast, running, studyOf } from './studies.ts'

const best = completed([-100])

describe('the threshold pruner', () => {
  const decide = (value: number, options: Parameters<typeof threshold>[0]) =>
    decideLast(threshold(options), studyOf([best, running([5, value])]))

  test('stops a trial beyond a limit, by its last report', () => {
    expect(decide(3.5, { atMost: 3 })).toEqual({ stop: true, because: 'Its loss at step 2, 3.5, is above 3.' })
    expect(decide(3, { atMost: 3 }).stop).toBe(false)
    expect(decide(-1, { atLeast: 0 })).toEqual({ stop: true, because: 'Its loss at step 2, -1, is below 0.' })
  })

  test('stops a trial that reports what is not finite, without any limit', () => {
    expect(decide(Number.NaN, {})).toEqual({ stop: true, because: 'Its loss at step 2 is NaN, not a finite number.' })
    expect(decide(Number.NEGATIVE_INFINITY, {}).stop).toBe(true)
    expect(decide(1e9, {}).stop).toBe(false)
  })
})

describe('the patience pruner', () => {
  const decide = (values: number[], options: Parameters<typeof patience>[0]) =>
    decideLast(patience(options), studyOf([best, running(values)]))

  test('stops a trial whose latest reports are worse than the best before them', () => {
    expect(decide([5, 3, 4, 4], { reports: 1 })).toEqual({
      stop: true,
      because: 'It had 3 before its last 2 reports, whose best is 4: no better.',
    })
    expect(decide([5, 3, 4, 3], { reports: 1 }).stop).toBe(false)
    expect(decide([5, 3, 4, 4], { reports: 2 }).stop).toBe(false)
    expect(decide([5, 3, 4, 4], { reports: 1, minDelta: 1 }).stop).toBe(false)
  })

  test('waits until there are more reports than its patience', () => {
    expect(decide([1, 2, 3], { reports: 2 }).stop).toBe(false)
    expect(decide([1, 2, 3, 4], { reports: 2 }).stop).toBe(true)
  })

  test('does not wait for a trial that has only reported what is not finite', () => {
    expect(decide([1, Number.NaN, Number.NaN], { reports: 1 }).stop).toBe(true)
  })
})
