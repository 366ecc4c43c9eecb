import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { createRandom } from '../../src/numerics/random.ts'
import type { Engine } from '../../src/study/engine.ts'
import type { Report } from '../../src/study/trial.ts'
import {
  adam,
  loadDigits,
  mlp,
  sgd,
  splitDataset,
  type Transformation,
  trainClassifier,
} from '../../src/train/index.ts'

const { train, validation } = splitDataset(loadDigits())

async function curve(name: Engine['name'], optimizer: Transformation): Promise<Report[]> {
  const tf = await (await createEngine(name)).load()
  const reports: Report[] = []
  const trial = {
    report: (report: Report) => reports.push(report),
    shouldStop: () => false,
    random: (purpose: string) => createRandom(0, 1, purpose),
  }
  const { numTensors } = tf.memory()
  await trainClassifier(tf, trial, {
    model: mlp({ inputs: 64, hidden: [16], classes: 10, dropout: 0.2 }),
    optimizer,
    train,
    validation,
    batchSize: 32,
    steps: 40,
    evaluateEvery: 10,
  })
  expect(tf.memory().numTensors).toBe(numTensors)
  return reports
}

// wasm computes other sums in another order, and has had kernels of its own that were wrong (a one-hot of floats).
test.each([
  ['sgd', sgd({ learningRate: 0.1, momentum: 0.9 })],
  ['adam', adam({ learningRate: 0.01 })],
] as const)('%s takes the same path on wasm as on cpu, and leaves no tensor on either', async (_name, optimizer) => {
  const [wasm, cpu] = [await curve('wasm', optimizer), await curve('cpu', optimizer)]
  expect(wasm.map(({ step }) => step)).toEqual([10, 20, 30, 40])
  for (const [i, expected] of cpu.entries()) {
    expect(wasm[i]?.trainLoss).toBeCloseTo(expected.trainLoss ?? Number.NaN, 4)
    expect(wasm[i]?.validationLoss).toBeCloseTo(expected.validationLoss ?? Number.NaN, 4)
  }
})

test('divergence shows on wasm too, whose rectifier might have swallowed it', async () => {
  const reports = await curve('wasm', sgd({ learningRate: 1e12 }))
  expect(reports).toEqual([
    { step: 10, trainLoss: Number.NaN, validationLoss: Number.NaN, validationAccuracy: Number.NaN },
  ])
})
