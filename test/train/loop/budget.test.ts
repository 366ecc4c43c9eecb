import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBatchSize } from '../../../src/train/loop/budget.ts'
import { run } from './run-training.ts'

describe('a budget', () => {
  test('of examples is spent in whole batches, never exceeded, and the last step is evaluated', async () => {
    const { result, reports } = await run({ steps: 100, examples: 1000, evaluateEvery: 20 })
    expect(result).toMatchObject({ outcome: 'finished', steps: 31, examples: 31 * 32 })
    expect(reports.map(({ step }) => step)).toEqual([20, 31])
  })

  test('of steps and of examples ends with the first of them', async () => {
    expect((await run({ steps: 3, examples: 1000 })).result.steps).toBe(3)
    expect((await run({ steps: 1000, examples: 100 })).result.steps).toBe(3)
  })

  test('is spent by batches of a size that goes by the step', async () => {
    const sizes: number[] = []
    const { result } = await run({
      ...{ steps: 6, examples: 10_000, evaluateEvery: 2 },
      batchSize: (step) => 8 * 2 ** Math.floor(step / 2),
      augment(_tf, batch) {
        sizes.push(batch.labels.shape[0] ?? 0)
        return batch
      },
    })
    expect(sizes).toEqual([8, 8, 16, 16, 32, 32])
    expect(result.curve.map(({ step, examples }) => [step, examples])).toEqual([
      [2, 16],
      [4, 48],
      [6, 112],
    ])
  })

  test('is never exceeded, and what is left of it is less than a batch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 500 }),
        (sizes, examples) => {
          const budget = { batchSize: (step: number) => sizes[step % sizes.length] ?? 1, examples }
          const done = { step: 0, examples: 0 }
          for (let size = nextBatchSize(budget, done); size > 0; size = nextBatchSize(budget, done)) {
            done.step += 1
            done.examples += size
          }
          expect(done.examples).toBeLessThanOrEqual(examples)
          expect(done.examples + budget.batchSize(done.step)).toBeGreaterThan(examples)
        },
      ),
    )
  })
})
