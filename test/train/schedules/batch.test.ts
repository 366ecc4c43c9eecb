import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gradualWarmup, linearScaling, squareRootScaling } from '../../../src/train/schedules/batch-scaling.ts'
import { batchSizeSchedule, growBatch } from '../../../src/train/schedules/batch-size.ts'
import { cosineDecay } from '../../../src/train/schedules/cosine.ts'
import { linearSchedule } from '../../../src/train/schedules/linear.ts'
import { stepDecay } from '../../../src/train/schedules/step-decay.ts'

describe('a batch that grows instead of a rate that decays', () => {
  test('is multiplied by 1 / gamma until it is as large as it may be; then the rate is multiplied by gamma', () => {
    const { batchSize, rate } = growBatch({
      decay: stepDecay({ every: 10, factor: 0.2 }),
      batchSize: 128,
      maxBatchSize: 3200,
    })
    const steps = [0, 9, 10, 20, 30, 40]
    expect(steps.map(batchSize)).toEqual([128, 128, 640, 3200, 3200, 3200])
    for (const [i, factor] of [1, 1, 1, 1, 0.2, 0.04].entries()) expect(rate(steps[i] ?? 0)).toBeCloseTo(factor, 12)
  })

  test('leaves rate / batch, the noise of training, as the decay would have it, whatever is rounded', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.integer({ min: 1, max: 64 }),
        fc.nat(120),
        (size, times, step) => {
          const decay = cosineDecay({ steps: 100, end: 0.001 })
          const { batchSize, rate } = growBatch({ decay, batchSize: size, maxBatchSize: size * times })
          const batch = batchSize(step)
          expect(Number.isSafeInteger(batch) && batch >= size && batch <= size * times).toBe(true)
          expect(rate(step) / batch / (decay(step) / size)).toBeCloseTo(1, 12)
        },
      ),
    )
  })

  test('is at its largest, and the rate 0, where the decay is 0', () => {
    const { batchSize, rate } = growBatch({ decay: cosineDecay({ steps: 3 }), batchSize: 8, maxBatchSize: 100 })
    expect([batchSize(3), rate(3)]).toEqual([100, 0])
  })
})

test('any schedule is a batch size when rounded, and never less than 1', () => {
  const size = batchSizeSchedule(linearSchedule({ start: 0, end: 10, steps: 4 }))
  expect([0, 1, 2, 3, 4].map(size)).toEqual([1, 3, 5, 8, 10])
})

describe('scaling rules', () => {
  test('in proportion to the batch, or to its root', () => {
    const reference = { rate: 0.1, batchSize: 256 }
    expect(linearScaling(reference, 8192)).toBeCloseTo(3.2, 12)
    expect(squareRootScaling(reference, 1024)).toBeCloseTo(0.2, 12)
    expect(squareRootScaling(reference, 64)).toBeCloseTo(0.05, 12)
  })

  test('gradual warmup goes evenly from the rate of the reference to the other, then on by the schedule', () => {
    const rate = gradualWarmup({ from: 0.1, to: 3.2, steps: 100, schedule: stepDecay({ every: 300 }) })
    for (const [step, value] of [
      [0, 0.1],
      [50, 1.65],
      [100, 3.2],
      [299, 3.2],
      [300, 0.32],
    ] as const)
      expect(rate(step)).toBeCloseTo(value, 12)
  })

  test('a lower rate needs no warmup', () => {
    const rate = gradualWarmup({ from: 0.1, to: 0.05, steps: 10 })
    expect([0, 5, 10].map(rate)).toEqual([0.05, 0.05, 0.05])
  })
})
