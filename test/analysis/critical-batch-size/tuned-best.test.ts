import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type TunedRun, tunedBest } from '../../../src/analysis/critical-batch-size/tuned-best.ts'
import { foundIn } from '../../helpers/findings.ts'

const INFINITE = Number.POSITIVE_INFINITY

const runsOf = (steps: readonly number[], batchSize = 8): TunedRun[] =>
  steps.map((each) => ({ batchSize, steps: each, budget: 1000 }))

const bestOf = (runs: readonly TunedRun[]) => foundIn(tunedBest(runs))[0]

describe('the best of the trials at a batch size', () => {
  test('is the one with the fewest steps', () => {
    const found = foundIn(tunedBest([...runsOf([50, 40, INFINITE], 16), ...runsOf([90, 80], 8)]))
    expect(found.map(({ batchSize, steps, tried, reached }) => [batchSize, steps.value, tried, reached])).toEqual([
      [8, 80, 2, 2],
      [16, 40, 3, 2],
    ])
    expect(found[1]?.runs).toEqual([{ batchSize: 16, steps: 40, budget: 1000 }])
  })

  test('is by the median of its seeds, so that one lucky seed does not make it', () => {
    const lucky = runsOf([30, 90, 95]).map((run) => ({ ...run, configuration: 'lucky' }))
    const steady = runsOf([60, 50, 70]).map((run) => ({ ...run, configuration: 'steady' }))
    const best = bestOf([...lucky, ...steady])
    expect([best?.configuration, best?.steps.value, best?.tried, best?.runs.length]).toEqual(['steady', 60, 2, 3])
    expect(bestOf(steady.slice(0, 2))?.steps.value).toBeCloseTo(Math.sqrt(3000), 9)
    const missed = runsOf([30, INFINITE]).map((run) => ({ ...run, configuration: 1 }))
    expect(bestOf(missed)).toMatchObject({ steps: { value: INFINITE, high: INFINITE }, reached: 0 })
  })

  test('has an interval from the best upwards', () => {
    const best = bestOf(runsOf([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]))
    // The best is missing from (9/10)^10 = 35 % of the samples, the best three from 2.8 %, the best four from 0.6 %.
    expect(best?.steps).toEqual({ value: 10, low: 10, high: 13 })
  })

  test('is less certain the more its seeds differ', () => {
    const width = (spread: number) => {
      const seeds = [1 / spread, 1, spread, 1, 1 / spread, spread]
      const best = bestOf(seeds.map((factor) => ({ batchSize: 8, steps: 100 * factor, configuration: 0 })))
      return (best?.steps.high ?? 0) / (best?.steps.low ?? 0)
    }
    expect(width(1)).toBe(1)
    expect(width(1.5)).toBeGreaterThan(width(1.1))
  })

  test('is compared with what half as many trials would have found', () => {
    // Halves of 1, 2, 4, 8: {1, ·} three times, {2, ·} twice, {4, 8}.
    expect(bestOf(runsOf([4, 1, 8, 2]))?.half).toBeCloseTo(2 ** ((3 * 0 + 2 * 1 + 1 * 2) / 6), 12)
    // {4, ∞} reaches the goal, {∞, ∞} does not.
    expect(bestOf(runsOf([INFINITE, 1, INFINITE, 4]))?.half).toBeCloseTo(4 ** (2 / 5), 12)
    expect(bestOf(runsOf([7]))?.half).toBe(1)
    expect(bestOf(runsOf([INFINITE]))?.half).toBeNaN()
  })

  test('agrees with all halves counted one by one', () => {
    const trials = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(trials, (steps) => {
        const size = Math.ceil(steps.length / 2)
        const logs: number[] = []
        for (let mask = 0; mask < 2 ** steps.length; mask++) {
          const drawn = steps.filter((_, i) => (mask >> i) & 1)
          if (drawn.length === size) logs.push(Math.log(Math.min(...drawn) / Math.min(...steps)))
        }
        const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
        expect(foundIn(tunedBest(runsOf(steps), { repeats: 10 }))[0]?.half).toBeCloseTo(Math.exp(mean), 9)
      }),
    )
  })

  test('is unknown for what is no run', () => {
    expect(tunedBest([])).toEqual({ known: false, why: 'There are no runs.' })
    expect(tunedBest(runsOf([-1]))).toMatchObject({ known: false })
  })
})
