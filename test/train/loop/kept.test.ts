import { describe, expect, test } from 'vitest'
import { chooseCheckpoint } from '../../../src/train/loop/choose-checkpoint.ts'
import { isBetter, rankOf } from '../../../src/train/loop/kept.ts'
import { run } from './run-training.ts'

const order = { metric: 'validationAccuracy', goal: 'maximize' } as const
const evaluated = (validationAccuracy: number, validationLoss: number) => ({
  metrics: { trainLoss: 0, validationLoss, validationAccuracy },
})

describe('the best evaluations', () => {
  test('are kept with their weights, as many as asked for, best first', async () => {
    const { result } = await run({ evaluateEvery: 5, keep: 4 })
    const accuracies = result.curve.map(({ validationAccuracy = 0 }) => validationAccuracy)
    expect(result.kept.map(({ metrics }) => metrics.validationAccuracy)).toEqual(
      accuracies.toSorted((a, b) => b - a).slice(0, 4),
    )
    expect(result.kept[0]).toEqual(result.best)
    expect(new Set(result.kept.map(({ weights }) => String(weights[0]?.values))).size).toBe(4)
    for (const { step, examples, metrics } of result.kept)
      expect(result.curve).toContainEqual({ step, examples, ...metrics })
  })

  test('are those with the best metric, then the lowest loss, then the first; no number is worst', () => {
    const kept = [evaluated(0.9, 0.2), evaluated(0.9, 0.3), evaluated(0.5, 0.1)]
    expect(rankOf(order, kept, evaluated(0.95, 9))).toBe(0)
    expect(rankOf(order, kept, evaluated(0.9, 0.25))).toBe(1)
    expect(rankOf(order, kept, evaluated(0.9, 0.3))).toBe(2)
    expect(rankOf(order, kept, evaluated(Number.NaN, 0))).toBe(3)
    expect(isBetter({ metric: 'validationLoss', goal: 'minimize' }, evaluated(0, 0.1), evaluated(1, 0.2))).toBe(true)
    expect(isBetter(order, evaluated(Number.NaN, 0.1), evaluated(Number.NaN, 0.2))).toBe(true)
  })
})

describe('in retrospect', () => {
  const best = (step: number, validationAccuracy: number, validationLoss: number) => ({
    ...{ step, examples: 10 * step, weights: [] },
    ...evaluated(validationAccuracy, validationLoss),
  })
  const result = { ...order, kept: [best(30, 0.9, 0.5), best(20, 0.8, 0.3), best(10, 0.8, 0.3), best(40, 0.7, 0.4)] }

  test('a checkpoint is chosen by the metric, by another, or under a smaller budget', () => {
    expect(chooseCheckpoint(result)?.step).toBe(30)
    expect(chooseCheckpoint(result, { metric: 'validationLoss', goal: 'minimize' })?.step).toBe(10)
    expect(chooseCheckpoint(result, { steps: 25 })?.step).toBe(10)
    expect(chooseCheckpoint(result, { examples: 300, metric: 'validationLoss', goal: 'minimize' })?.step).toBe(10)
    expect(chooseCheckpoint(result, { goal: 'minimize' })?.step).toBe(40)
  })

  test('there may be none that fits', () => {
    expect(chooseCheckpoint(result, { steps: 9 })).toBeUndefined()
    expect(chooseCheckpoint({ ...result, kept: [] })).toBeUndefined()
  })
})
