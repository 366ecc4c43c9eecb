import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { classification, evaluate, parseWeights, sgd, toTensors } from '../../../src/train/index.ts'
import { digits, run, small } from './run-training.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

describe('training', () => {
  test('learns, reports at the asked steps, and returns the best weights it saw', async () => {
    const { result, reports } = await run({ steps: 150, evaluateEvery: 40 })
    expect(reports.map(({ step }) => step)).toEqual([40, 80, 120, 150])
    expect(reports.map(({ examples }) => examples)).toEqual([40, 80, 120, 150].map((step) => 32 * step))
    expect(result.curve).toEqual(reports)
    expect(result.last).toEqual(reports.at(-1))
    expect(reports.at(-1)?.validationAccuracy).toBeGreaterThan(0.85)
    expect(reports.at(-1)?.trainLoss).toBeLessThan(reports[0]?.trainLoss ?? 0)
    expect(result).toMatchObject({ outcome: 'finished', steps: 150, examples: 4800 })
    expect(result).toMatchObject({ metric: 'validationAccuracy', goal: 'maximize' })
    const highest = Math.max(...reports.map(({ validationAccuracy = 0 }) => validationAccuracy))
    expect(result.best?.metrics.validationAccuracy).toBe(highest)
    expect(result.metrics).toEqual(result.best?.metrics)
    const weights = toTensors(tf, parseWeights(structuredClone(result.best?.weights)))
    const again = await evaluate(tf, small.model, classification, weights, digits.validation)
    const { validationAccuracy, validationLoss } = result.metrics
    expect(again).toEqual({ accuracy: validationAccuracy, loss: validationLoss })
    const held = await evaluate(tf, small.model, classification, weights, digits.test)
    expect(held.accuracy).toBeGreaterThan(0.8)
    tf.dispose(weights)
  })

  test('repeats bit for bit under one seed, and differs under another', async () => {
    const first = await run()
    const again = await run()
    expect(again.reports).toEqual(first.reports)
    expect({ ...again.result, seconds: 0 }).toEqual({ ...first.result, seconds: 0 })
    expect((await run({}, { seed: 1 })).reports).not.toEqual(first.reports)
  })

  test('calls onBest for every improvement, best last', async () => {
    const seen: number[] = []
    const { result } = await run({ onBest: ({ metrics }) => seen.push(metrics.validationAccuracy ?? Number.NaN) })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(result.metrics.validationAccuracy)
  })

  test('leaves no tensor behind, whichever way it ends', async () => {
    await run({ steps: 2 })
    const { numTensors, numBytes } = tf.memory()
    await run()
    await run({}, { stopAfter: 5 })
    await run({ optimizer: sgd({ learningRate: 1e12 }) })
    await expect(
      run({
        onBest: () => {
          throw new Error('full')
        },
      }),
    ).rejects.toThrow('full')
    expect(tf.memory()).toMatchObject({ numTensors, numBytes })
  })

  test('ends early when asked to', async () => {
    const { result, reports } = await run({}, { stopAfter: 25 })
    expect(result).toMatchObject({ outcome: 'stopped', steps: 25, examples: 800 })
    expect(reports.map(({ step }) => step)).toEqual([20])
  })

  test('that ends before its first evaluation is evaluated where it ends, so that the trial has a value', async () => {
    const { result, reports } = await run({}, { stopAfter: 3 })
    expect(reports.map(({ step }) => step)).toEqual([3])
    expect(result).toMatchObject({
      outcome: 'stopped',
      steps: 3,
      metrics: { validationLoss: reports[0]?.validationLoss },
    })
  })
})
