import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { adam, type Dataset, type Model, regression, type TrainingConfig, takeRows } from '../../../src/train/index.ts'
import { gradientNorm } from '../../../src/train/probes/gradient-norm.ts'
import { updateRatio } from '../../../src/train/probes/update-ratio.ts'
import { memoryCheckpoint, run } from './run-training.ts'

/** The sum of the rows of a table for two ids. Most of the table is never touched. */
const model: Model = {
  parameters: [
    {
      ...{ name: 'table', role: 'embedding', input: 'categories', shape: [60, 2] },
      init: (random) => Float32Array.from({ length: 120 }, () => random.normal()),
    },
    { name: 'kernel', role: 'kernel', shape: [2, 1], init: () => Float32Array.of(1, -0.5) },
  ],
  apply: ({ tf, embedding, parameter }) => tf.matMul(tf.sum(embedding('table'), 1), parameter('kernel')),
}

const all: Dataset = {
  rows: 48,
  inputs: { categories: { values: Int32Array.from({ length: 96 }, (_, i) => (i * 7 + (i >> 3)) % 30), shape: [2] } },
  labels: { values: Float32Array.from({ length: 48 }, (_, i) => Math.sin(i)), shape: [] },
}
const rows = (from: number, to: number) =>
  takeRows(
    all,
    Array.from({ length: to - from }, (_, i) => from + i),
  )

const config: Partial<TrainingConfig> = {
  ...{ model, task: regression, optimizer: adam({ learningRate: 0.05 }), batchSize: 6, steps: 20, evaluateEvery: 6 },
  data: { train: rows(0, 40), validation: rows(40, 48) },
}

describe.each(['cpu', 'wasm'] as const)('a training with tables on %s', (engine) => {
  test('learns, is chosen by the metric of its task, and is the same in micro-batches', async () => {
    const tf = await (await createEngine(engine)).load()
    const { numTensors } = tf.memory()
    const whole = await run(config, { engine })
    const inParts = await run({ ...config, accumulate: 4 }, { engine })
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(whole.result).toMatchObject({ metric: 'validationRmse', goal: 'minimize' })
    const errors = whole.reports.map(({ validationRmse = Number.NaN }) => validationRmse)
    expect(whole.result.metrics.validationRmse).toBe(Math.min(...errors))
    expect(whole.reports.at(-1)?.trainLoss).toBeLessThan(whole.reports[0]?.trainLoss ?? 0)
    inParts.reports.forEach(({ trainLoss, validationLoss }, i) => {
      expect(trainLoss).toBeCloseTo(whole.reports[i]?.trainLoss ?? Number.NaN, 4)
      expect(validationLoss).toBeCloseTo(whole.reports[i]?.validationLoss ?? Number.NaN, 4)
    })
  })

  test('goes on bit for bit, and is not changed by those who watch it', async () => {
    const whole = await run(config, { engine })
    const checkpoint = memoryCheckpoint()
    const watched = { ...config, checkpointEvery: 4, probes: [gradientNorm(), updateRatio()] }
    await run({ ...watched, steps: 13, evaluateEvery: 6 }, { engine, checkpoint, stopAfter: 11 })
    const { result, reports } = await run(watched, { engine, checkpoint })
    expect(reports.map(({ step }) => step)).toEqual([12, 18, 20])
    result.curve.forEach((evaluation, i) => void expect(evaluation).toMatchObject(whole.result.curve[i] ?? {}))
    expect(reports[0]?.['updateRatio/table']).toBeGreaterThan(0)
  })
})
