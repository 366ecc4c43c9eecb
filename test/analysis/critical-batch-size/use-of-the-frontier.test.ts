import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costCurve } from '../../../src/analysis/critical-batch-size/cost-curve.ts'
import { fitFrontier } from '../../../src/analysis/critical-batch-size/fit-frontier.ts'
import { overheadBatch } from '../../../src/analysis/critical-batch-size/overhead-batch.ts'
import { regimesOf } from '../../../src/analysis/critical-batch-size/regimes.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { foundIn } from '../../helpers/findings.ts'

const SIZES = [8, 16, 32, 64, 128, 256, 512, 1024]

/** S = 1000 (1 + 80 / B), with noise. */
function frontier(noise: number) {
  const random = createRandom(5, 0, 'runs')
  const points = SIZES.map((batchSize) => ({
    batchSize,
    steps: 1000 * (1 + 80 / batchSize) * Math.exp(noise * random.normal()),
  }))
  return foundIn(fitFrontier(points))
}

describe('regimes', () => {
  test('end where 20 % are lost', () => {
    const { perfectUpTo, maximalFrom, batchSizes } = regimesOf(frontier(0))
    expect(perfectUpTo.value).toBeCloseTo(16, 4)
    expect(maximalFrom.value).toBeCloseTo(400, 2)
    const exact = SIZES.filter((batchSize) => batchSize !== 16)
    expect(batchSizes.filter(({ batchSize }) => exact.includes(batchSize)).map(({ regime }) => regime)).toEqual([
      'perfect scaling',
      ...Array.from({ length: 4 }, () => 'diminishing returns'),
      ...Array.from({ length: 2 }, () => 'maximal data parallelism'),
    ])
  })

  test('are several where the critical batch size is not known well', () => {
    const { batchSizes } = regimesOf(frontier(0.2))
    for (const { regime, possible } of batchSizes) expect(possible).toContain(regime)
    expect(batchSizes.some(({ possible }) => possible.length > 1)).toBe(true)
    const all = { value: 80, low: 0, high: Number.POSITIVE_INFINITY }
    expect(regimesOf({ ...frontier(0), criticalBatch: all }).batchSizes[0]?.possible).toHaveLength(3)
  })
})

describe('the batch size of 20 % overhead', () => {
  test('is where steps are so much above proportion, whatever the reference', () => {
    const amount = fc.double({ min: 1, max: 1e4, noNaN: true })
    fc.assert(
      fc.property(amount, amount, fc.double({ min: 0.01, max: 2, noNaN: true }), (critical, reference, overhead) => {
        const steps = (batchSize: number) => 1 + critical / batchSize
        const estimate = { value: critical, low: critical / 2, high: Number.POSITIVE_INFINITY }
        const { batchSize } = overheadBatch(estimate, { reference, overhead })
        const proportional = (steps(reference) * reference) / batchSize.value
        expect(steps(batchSize.value) / proportional).toBeCloseTo(1 + overhead, 9)
        expect(batchSize.low).toBeLessThan(batchSize.value)
        expect(batchSize.high).toBe(Number.POSITIVE_INFINITY)
      }),
    )
  })

  test('is a fifth of the critical one from the limit of small batches', () => {
    expect(overheadBatch({ value: 100, low: 50, high: 200 })).toEqual({
      batchSize: { value: 20, low: 10, high: 40 },
      overhead: 0.2,
      reference: 0,
    })
  })
})

describe('the cost curve', () => {
  // A step takes 1 ms, and 10 µs for each example.
  const measured = [4, 64, 4096].map((batchSize) => ({
    batchSize,
    examplesPerSecond: batchSize / (1e-3 + 1e-5 * batchSize),
  }))

  test('is examples over throughput', () => {
    const { points } = foundIn(costCurve(frontier(0), measured))
    expect(points.map(({ batchSize }) => batchSize)).toEqual(SIZES)
    const at64 = points[3]
    expect(at64?.examples.value).toBeCloseTo(144_000, 1)
    expect(at64?.seconds.value).toBeCloseTo(2250 * 1.64e-3, 6)
    // Half way between 4 and 64 in log, the geometric mean of the throughputs.
    const [low = 0, high = 0] = measured.map(({ examplesPerSecond }) => examplesPerSecond)
    expect(points[1]?.examplesPerSecond).toBeCloseTo(Math.sqrt(low * high), 6)
  })

  test('says where more examples are no longer worth the time', () => {
    const constant = [8, 1024].map((batchSize) => ({ batchSize, examplesPerSecond: 1000 * batchSize }))
    // Time is that of the steps: 11, 6, 3.5, 2.25, 1.63, 1.31, 1.16, 1.08. 512 saves 12 % of 256, 1024 saves 7 % of 512.
    const { advised, cheapest, fastest, advice } = foundIn(costCurve(frontier(0), constant))
    expect([advised, cheapest, fastest].map(({ batchSize }) => batchSize)).toEqual([512, 8, 1024])
    // 512 · 1156 over 8 · 11000; 11000 over 1156.
    expect(advice).toBe(
      'Batch size 512 takes 6.7 times the examples of the cheapest, 8, and is 9.5 times as fast; beyond it no doubling saves 10 % of the time.',
    )
  })

  test('advises the smallest where larger batches are no faster, and says where measurements end', () => {
    const flat = [8, 1024].map((batchSize) => ({ batchSize, examplesPerSecond: 1000 }))
    expect(foundIn(costCurve(frontier(0), flat)).advice).toBe(
      'Batch size 8 takes the fewest examples, and beyond it no doubling saves 10 % of the time.',
    )
    const few = [8, 64].map((batchSize) => ({ batchSize, examplesPerSecond: 1000 * batchSize }))
    const { points, advice } = foundIn(costCurve(frontier(0), few))
    expect(points.map(({ batchSize }) => batchSize)).toEqual([8, 16, 32, 64])
    expect(advice).toMatch(/^Batch size 64 .* no larger batch size was measured\.$/)
  })

  test('needs a throughput', () => {
    expect(costCurve(frontier(0), [])).toMatchObject({ known: false })
    expect(costCurve(frontier(0), [{ batchSize: 8, examplesPerSecond: 0 }])).toMatchObject({
      why: 'The throughput at batch size 8 is 0.',
    })
  })
})
