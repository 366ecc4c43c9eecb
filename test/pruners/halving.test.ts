import { describe, expect, test } from 'vitest'
import { bracketSizes, hyperband } from '../../src/pruners/hyperband.ts'
import { successiveHalving } from '../../src/pruners/successive-halving.ts'
import { completed, curveOf, decideLast, type Past, running, studyOf } from './studies.ts'

const halving = successiveHalving({ minSteps: 2, reductionFactor: 2, warmupTrials: 0 })
/** It has the best value of all, so that no other trial has. */
const best: Past = { state: 'running', curve: curveOf([-1]) }
const stopped = (values: number[]): Past => ({ state: 'stopped', curve: curveOf(values) })

describe('successive halving', () => {
  test('lets half of the trials go on from a rung, of those that have come there', () => {
    const others = [best, stopped([9, 1]), stopped([9, 2]), stopped([9, 3])]
    expect(decideLast(halving, studyOf([...others, running([9, 2])])).stop).toBe(false)
    expect(decideLast(halving, studyOf([...others, running([9, 2.5])]))).toEqual({
      stop: true,
      because: 'With 2.5 at step 2 it was number 3 of 4 trials; one in 2 goes on from there, which took 2.',
    })
  })

  test('lets only the best of the first few go on', () => {
    expect(decideLast(halving, studyOf([best, stopped([9, 1]), stopped([9, 2]), running([9, 1.5])])).stop).toBe(true)
    expect(decideLast(halving, studyOf([best, stopped([9, 1]), stopped([9, 2]), running([9, 1])])).stop).toBe(false)
  })

  test('does not look between rungs', () => {
    const others = [best, stopped([1, 1, 1, 1]), stopped([1, 1, 1, 1])]
    const stops = [1, 2, 3, 4].map(
      (step) => decideLast(halving, studyOf([...others, running(Array(step).fill(5))])).stop,
    )
    expect(stops).toEqual([false, true, false, true])
  })

  test('compares at the rung, not at the report that came after it', () => {
    // At step 2 it was at 4, where the other was at 3, though it is at 1 by step 3.
    const others = [best, stopped([9, 3])]
    expect(decideLast(halving, studyOf([...others, running([7, 1], [1, 3])])).stop).toBe(true)
    expect(decideLast(halving, studyOf([...others, running([5, 0.9], [1, 3])])).stop).toBe(false)
  })

  test('looks at a first report beyond the first rung, once, and compares there', () => {
    const others = [best, stopped([1, 1, 1, 1, 1, 1])]
    expect(decideLast(halving, studyOf([...others, running([2], [5])]))).toEqual({
      stop: true,
      because: expect.stringContaining('at step 5 '),
    })
  })

  test('takes its rungs from the longest completed curve, of which the end is none', () => {
    const whole = (value: number) => completed(Array(27).fill(value))
    const pruner = successiveHalving({ warmupTrials: 3 })
    const others = [best, whole(1), whole(2), whole(3)]
    const stops = Array.from({ length: 27 }, (_, i) => i + 1).filter(
      (step) => decideLast(pruner, studyOf([...others, running(Array(step).fill(2.5))])).stop,
    )
    expect(stops).toEqual([1, 3, 9])
  })
})

describe('hyperband', () => {
  test('begins its brackets with as many trials as in the paper', () => {
    // Li et al., JMLR 2018, table 1: R = 81, η = 3.
    expect(bracketSizes(81, 3)).toEqual([81, 34, 15, 8, 5])
    expect(bracketSizes(1, 3)).toEqual([1])
  })

  test('compares within the bracket that the number of a trial is in', () => {
    // R / r = 2, η = 2: two trials for the bracket with rungs at 1, two for the one with rungs at 2, and again.
    const pruner = hyperband({ minSteps: 1, maxSteps: 2, reductionFactor: 2, warmupTrials: 0 })
    expect(bracketSizes(2, 2)).toEqual([2, 2])
    const past = [stopped([0]), stopped([5]), stopped([1, 1]), stopped([2, 2])]
    // Trial 4 meets trials 0 and 1 at step 1.
    expect(decideLast(pruner, studyOf([...past, running([4])])).stop).toBe(true)
    // Trial 6 meets nobody there, and trials 2 and 3 at step 2.
    const later = [...past, stopped([9]), stopped([9])]
    expect(decideLast(pruner, studyOf([...later, running([4])])).stop).toBe(false)
    expect(decideLast(pruner, studyOf([...later, running([4, 1.5])]))).toEqual({
      stop: true,
      because: expect.stringMatching(/number 2 of 3 trials.*\(Bracket 2 of 2\.\)$/),
    })
  })
})
