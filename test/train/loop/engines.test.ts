import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Engine } from '../../../src/study/engine.ts'
import type { Report } from '../../../src/study/trial.ts'
import { adam, sgd, type Transformation } from '../../../src/train/index.ts'
import { run } from './run-training.ts'

async function curve(engine: Engine['name'], optimizer: Transformation): Promise<Report[]> {
  const tf = await (await createEngine(engine)).load()
  const { numTensors } = tf.memory()
  const { reports } = await run({ optimizer, steps: 40, evaluateEvery: 10 }, { engine })
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

// wasm's rectifier might have swallowed it.
test.each(['cpu', 'wasm'] as const)('divergence shows on %s', async (engine) => {
  const [first, ...rest] = await curve(engine, sgd({ learningRate: 1e12 }))
  expect(first).toEqual({
    ...{ step: 10, examples: 320, trainLoss: Number.NaN, validationLoss: Number.NaN, validationAccuracy: Number.NaN },
  })
  expect(rest).toEqual([])
})
