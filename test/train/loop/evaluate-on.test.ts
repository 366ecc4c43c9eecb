import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { classification, evaluate, takeRows, toTensors } from '../../../src/train/index.ts'
import { sample } from '../../../src/train/loop/sample.ts'
import { digits, run, small } from './run-training.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

describe('evaluation', () => {
  test('on a sample is on the same rows whatever the trial, and each of them once', async () => {
    const [first, other] = [sample(digits.validation, 100), sample(digits.validation, 100)]
    expect(first).toEqual(other)
    expect(first.rows).toBe(100)
    const { validation } = digits
    const rowOf = (dataset: typeof validation, row: number) =>
      String(dataset.inputs.features?.values.subarray(64 * row, 64 * row + 64))
    const places = Array.from({ length: 100 }, (_, row) => {
      const wanted = rowOf(first, row)
      return Array.from({ length: validation.rows }, (_, i) => i).find((i) => rowOf(validation, i) === wanted) ?? -1
    })
    expect(new Set(places).size).toBe(100)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(sample(validation, validation.rows)).toBe(validation)
  })

  test('is that of the best weights on the sample, and of the training set where asked for', async () => {
    const { result, reports } = await run({ evaluateOn: { rows: 50, train: 70, batchSize: 32 } })
    const weights = toTensors(tf, result.best?.weights ?? [])
    const on = (dataset: typeof digits.train) => evaluate(tf, small.model, classification, weights, dataset)
    const [validation, training] = [await on(sample(digits.validation, 50)), await on(sample(digits.train, 70))]
    expect(result.metrics).toMatchObject({
      validationAccuracy: validation.accuracy,
      trainSetAccuracy: training.accuracy,
    })
    expect(result.metrics.validationLoss).toBeCloseTo(validation.loss, 5)
    expect(result.metrics.trainSetLoss).toBeCloseTo(training.loss, 5)
    expect(reports.every((each) => (each.trainSetLoss ?? 0) > 0)).toBe(true)
    tf.dispose(weights)
  })

  test('of the whole training set leaves it on the device once', async () => {
    await run({ steps: 2 })
    const { numBytes } = tf.memory()
    let bytes = [0, 0]
    const seeing = (train: boolean, at: number) =>
      run({
        ...{ steps: 1, evaluateOn: { train } },
        onBest: () => {
          bytes = bytes.with(at, tf.memory().numBytes)
        },
      })
    await seeing(false, 0)
    await seeing(true, 1)
    // What is read of each row: loss and hit.
    expect((bytes[1] ?? 0) - (bytes[0] ?? 0)).toBe(8 * digits.train.rows)
    expect(tf.memory().numBytes).toBe(numBytes)
  })

  test('in parts of any size gives every example the same weight', async () => {
    const weights = toTensors(tf, (await run({ steps: 5 })).result.best?.weights ?? [])
    const { train } = digits
    const rows = Array.from({ length: 5000 }, (_, i) => i % train.rows)
    const on = (dataset: typeof train) => evaluate(tf, small.model, classification, weights, dataset)
    const whole = await on(takeRows(train, rows))
    const parts = await Promise.all([rows.slice(0, 1000), rows.slice(1000)].map((part) => on(takeRows(train, part))))
    const mean = (metric: 'accuracy' | 'loss') => 0.2 * (parts[0]?.[metric] ?? 0) + 0.8 * (parts[1]?.[metric] ?? 0)
    expect(whole.accuracy).toBeCloseTo(mean('accuracy'), 10)
    expect(whole.loss).toBeCloseTo(mean('loss'), 6)
    tf.dispose(weights)
  })
})
