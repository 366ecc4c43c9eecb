import { expect, test } from 'vitest'
import { costCurve } from '../../../src/analysis/critical-batch-size/cost-curve.ts'
import { fitFrontier } from '../../../src/analysis/critical-batch-size/fit-frontier.ts'
import { regimesOf } from '../../../src/analysis/critical-batch-size/regimes.ts'
import { stepsToTarget } from '../../../src/analysis/critical-batch-size/steps-to-target.ts'
import { tunedBest } from '../../../src/analysis/critical-batch-size/tuned-best.ts'
import { expectedLoss } from '../../../src/train/models/quadratic/expected-loss.ts'
import { noisyQuadratic } from '../../../src/train/models/quadratic/problem.ts'
import { foundIn } from '../../helpers/findings.ts'

/** Best rates of the noisy quadratic model to a loss of .1, and the fewest steps there: see `test/train/models/quadratic.test.ts`. */
const BEST: readonly (readonly [batchSize: number, rate: number, steps: number])[] = [
  [4, 0.113646, 81_326],
  [16, 0.464159, 21_059],
  [64, 1.29155, 6455],
  [256, 1.668101, 3704],
  [1024, 1.895736, 3015],
  [4096, 1.895736, 2839],
  [16_384, 1.895736, 2798],
  [2 ** 21, 1.895736, 2785],
]

test('training curves of the noisy quadratic model lead to its critical batch size', () => {
  const problem = noisyQuadratic()
  const budget = 120_000
  // A rate half as high is slower, one that is too high never gets there: 2 is the most that the first dimension bears.
  const runs = BEST.flatMap(([batchSize, rate, known]) =>
    [rate, rate / 2, 2].map((tried) => {
      const loss = expectedLoss(problem, { rate: tried, batchSize })
      const curve = [0.5, 0.93, 0.98, 1.03, 1.5].map((share) => {
        const step = Math.round(share * known)
        return { step, value: loss(step) }
      })
      return { batchSize, steps: stepsToTarget(curve, { atMost: 0.1 }), budget, configuration: tried }
    }),
  )
  const best = foundIn(tunedBest(runs, { repeats: 100 }))
  for (const [i, { batchSize, steps, configuration }] of best.entries()) {
    expect([batchSize, configuration]).toEqual(BEST[i]?.slice(0, 2))
    expect(Math.abs(steps.value / (BEST[i]?.[2] ?? 0) - 1)).toBeLessThan(0.005)
  }

  const frontier = foundIn(fitFrontier(best.flatMap((each) => each.runs)))
  expect(frontier.minSteps.value / 2719).toBeCloseTo(1, 2)
  expect(frontier.criticalBatch.value / 106.7).toBeCloseTo(1, 2)
  const { batchSizes } = regimesOf(frontier)
  expect(batchSizes.map(({ regime }) => regime[0])).toEqual(['p', 'p', 'd', 'd', 'm', 'm', 'm', 'm'])
  const throughput = [4, 2 ** 21].map((batchSize) => ({ batchSize, examplesPerSecond: 1000 * batchSize }))
  const { advised, cheapest } = foundIn(costCurve(frontier, throughput))
  // From 256 on two doublings bring 3852 steps down to 3002, 12 % each, from 1024 on 2789, 4 % each.
  expect([cheapest.batchSize, advised.batchSize]).toEqual([4, 1024])
})
