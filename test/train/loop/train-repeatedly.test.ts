import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Report } from '../../../src/study/trial.ts'
import { type RepeatedConfig, sgd, type TrainingTrial, train, trainRepeatedly } from '../../../src/train/index.ts'
import { memoryCheckpoint, small } from './run-training.ts'

/** A trial and what is reported to it, which says to stop when it has been asked so often. */
async function openTrial({ stopAfter = Number.POSITIVE_INFINITY } = {}) {
  const reports: Report[] = []
  let asked = 0
  const trial: TrainingTrial = {
    engine: await createEngine('cpu'),
    checkpoint: memoryCheckpoint(),
    report: (report) => void reports.push(report),
    shouldStop: () => ++asked >= stopAfter,
    random: (purpose) => createRandom(0, 1, purpose),
  }
  return { trial, reports }
}

/** The curve of one repeat, trained by itself. */
async function curveOf(repeat: number, config: RepeatedConfig) {
  const { trial } = await openTrial()
  const random = (purpose: string) => trial.random(`${purpose}/repeat/${repeat}`)
  return (await train({ ...trial, random }, config)).curve
}

test('repeats are trained from streams of their own, and their means and spread reported', async () => {
  const configs = [small, small, { ...small, batchSize: 64 }]
  const [first = [], second = [], third = []] = await Promise.all(configs.map((config, i) => curveOf(i, config)))
  expect(first[0]?.validationLoss).not.toBe(second[0]?.validationLoss)

  const { trial, reports } = await openTrial()
  const metrics = await trainRepeatedly(trial, 3, (repeat) => configs[repeat] ?? small)
  expect(reports.map(({ step }) => step)).toEqual([20, 40, 60])
  reports.forEach((report, i) => {
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = [first, second, third].map(
      (curve) => curve[i]?.validationLoss,
    )
    const mean = (a + b + c) / 3
    expect(report.validationLoss).toBeCloseTo(mean, 12)
    // The sum of squared differences of all pairs is n times that of the differences from the mean.
    expect(report.validationLossSpread).toBeCloseTo(Math.sqrt(((a - b) ** 2 + (b - c) ** 2 + (a - c) ** 2) / 3 / 2), 12)
  })
  const { step: _, ...last } = reports[2] ?? { step: 0 }
  expect(metrics).toEqual(last)
  expect(metrics.examples).toBeCloseTo((60 * (32 + 32 + 64)) / 3, 9)
})

test('one repeat has no spread', async () => {
  const { trial } = await openTrial()
  expect(await trainRepeatedly(trial, 1, () => small)).toMatchObject({ validationLossSpread: 0 })
})

test('the best evaluation counts, not the last', async () => {
  const { trial, reports } = await openTrial()
  // Forgets what it learned, as the rate becomes too high.
  const optimizer = sgd({ learningRate: (step) => (step < 40 ? 0.5 : 50) })
  const { validationLoss } = await trainRepeatedly(trial, 2, () => ({ ...small, optimizer, divergedAt: 1e6 }))
  const losses = reports.map((report) => report.validationLoss ?? Number.NaN)
  expect(validationLoss).toBe(Math.min(...losses))
  expect(losses.at(-1)).toBeGreaterThan(2 * Math.min(...losses))
})

test('one training that diverges makes all of them worth nothing', async () => {
  const { trial, reports } = await openTrial()
  const rates = [0.1, 1e20]
  const configOf = (repeat: number) => ({ ...small, optimizer: sgd({ learningRate: rates[repeat] ?? 0 }) })
  expect(await trainRepeatedly(trial, 2, configOf)).toMatchObject({ validationLoss: Number.NaN })
  expect(reports).toEqual([])
})

test('asked to stop, it reports what all trainings have that began', async () => {
  const { trial, reports } = await openTrial({ stopAfter: 60 + 1 + 30 })
  await trainRepeatedly(trial, 3, () => small)
  expect(reports.map(({ step }) => step)).toEqual([20])
})
