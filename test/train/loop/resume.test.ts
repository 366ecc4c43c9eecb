import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { adam, mlp, sgd, type TrainingConfig } from '../../../src/train/index.ts'
import { bestWeights } from '../../../src/train/loop/best-weights.ts'
import { testBest } from '../../../src/train/loop/test-best.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { averageWeights } from '../../../src/train/optimizers/transformations/average-weights.ts'
import { reduceOnPlateau } from '../../../src/train/schedules/reduce-on-plateau.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { digits, memoryCheckpoint, run, small } from './run-training.ts'

class Killed extends Error {}

const config: Partial<TrainingConfig> = {
  ...{ steps: 40, evaluateEvery: 7, keep: 2, checkpointEvery: 9 },
  targets: [{ metric: 'validationAccuracy', atLeast: 0.2 }],
}

/** Runs a training that is killed at some steps, and tried again after each. */
async function interrupted(changes: Partial<TrainingConfig>, engine: 'cpu' | 'wasm', ...kills: number[]) {
  const checkpoint = memoryCheckpoint()
  const all = { ...config, ...changes }
  for (let attempt = 0; ; attempt++) {
    let trained = checkpoint.load()?.step ?? 0
    const began = trained
    const kill = kills[attempt] ?? Number.POSITIVE_INFINITY
    try {
      const done = await run(
        {
          ...all,
          augment(_tf, batch) {
            if (++trained > kill) throw new Killed()
            return batch
          },
        },
        { engine, checkpoint },
      )
      return { ...done, began, checkpoint }
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
}

describe.each(['cpu', 'wasm'] as const)('a training that was interrupted on %s', (engine) => {
  test.each([
    ['adam', {}],
    ['momentum in micro-batches', { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), accumulate: 3 }],
    ['averaged weights', { optimizer: chain(sgd({ learningRate: 0.2 }), averageWeights(0.9)) }],
    [
      'a plateau',
      { optimizer: adam({ learningRate: 0.3 }), reduceOnPlateau: reduceOnPlateau({ patience: 0, factor: 0.3 }) },
    ],
    ['a growing batch', { batchSize: (step: number) => 8 + step, evaluateEvery: 11 }],
    ['saves at every step', { checkpointEvery: 1, steps: 12, evaluateEvery: 5 }],
  ] as const)('goes on bit for bit: %s', async (_name, changes) => {
    const whole = await run({ ...config, ...changes }, { engine })
    const again = await interrupted(changes, engine, 5, 21, 30)
    expect(again.result.curve).toEqual(whole.result.curve)
    expect(again.result.kept).toEqual(whole.result.kept)
    expect(again.result.targets.map(({ steps, examples }) => [steps, examples])).toEqual(
      whole.result.targets.map(({ steps, examples }) => [steps, examples]),
    )
    expect(again.result).toMatchObject({ steps: whole.result.steps, examples: whole.result.examples })
  })

  test('leaves no tensors', async () => {
    const tf = await (await createEngine(engine)).load()
    const { numTensors } = tf.memory()
    await interrupted({}, engine, 20, 30)
    expect(tf.memory().numTensors).toBe(numTensors)
  })
})

test('an attempt goes on from the last checkpoint, and reports only what comes after it', async () => {
  const { began, reports, checkpoint } = await interrupted({}, 'cpu', 23)
  expect(began).toBe(18)
  expect(reports.map(({ step }) => step)).toEqual([21, 28, 35, 40])
  expect(checkpoint.load()?.step).toBe(40)
})

test('one that had ended returns the same again, without training', async () => {
  const checkpoint = memoryCheckpoint()
  const { result } = await run(config, { checkpoint })
  const again = await run(config, { checkpoint })
  expect(again.reports).toEqual([])
  expect({ ...again.result, seconds: 0 }).toEqual({ ...result, seconds: 0 })
})

test('one that was asked to stop goes on where it stopped', async () => {
  const checkpoint = memoryCheckpoint()
  expect((await run(config, { checkpoint, stopAfter: 25 })).result).toMatchObject({ outcome: 'stopped', steps: 25 })
  const { result } = await run(config, { checkpoint })
  expect(result.curve).toEqual((await run(config)).result.curve)
})

describe('the checkpoint of a trial', () => {
  test('holds the best weights, whether the loop saved it or a study did by hand', async () => {
    const [byLoop, byHand] = [memoryCheckpoint(), memoryCheckpoint()]
    const { result } = await run(config, { checkpoint: byLoop })
    expect(bestWeights(byLoop)).toEqual(result.best?.weights)
    await run({ steps: 40, evaluateEvery: 7, onBest: ({ step, weights }) => byHand.save(step, weights) })
    expect(bestWeights(byHand)).toEqual(result.best?.weights)
    const trial = { checkpoint: byHand, engine: await createEngine('cpu') }
    const tested = await testBest(trial, { model: small.model, data: digits.validation })
    const { validationLoss, validationAccuracy } = result.metrics
    expect(tested).toEqual({ testLoss: validationLoss, testAccuracy: validationAccuracy })
    await expect(
      testBest(trial, { model: mlp({ inputs: 64, hidden: [16, 16], classes: 10 }), data: digits.test }),
    ).rejects.toMatchObject({
      code: 'model.invalid',
      path: expect.stringMatching(/kernel \[16,16]$/),
      value: expect.stringMatching(/kernel \[16,10]$/),
    })
  })

  test('is not touched, and nothing is taken from it, unless asked for', async () => {
    const checkpoint = memoryCheckpoint()
    checkpoint.save(3, 'mine')
    await run({ steps: 3 }, { checkpoint })
    expect(checkpoint.load()).toEqual({ step: 3, state: 'mine' })
    expect((await run({ steps: 3, checkpointEvery: 1 }, { checkpoint })).result.steps).toBe(3)
  })

  test('without weights, or of another model or optimizer, is refused', async () => {
    const checkpoint = memoryCheckpoint()
    const tf = await (await createEngine('cpu')).load()
    const { numTensors } = tf.memory()
    const refused = (changes: Partial<TrainingConfig>) => expect(run({ ...config, ...changes }, { checkpoint })).rejects
    expect(thrownBy(() => bestWeights(checkpoint)).code).toBe('model.invalid')
    await run({ ...config, steps: 9 }, { checkpoint })
    await refused({ model: mlp({ inputs: 64, hidden: [8], classes: 10 }) }).toMatchObject({
      code: 'model.invalid',
      message: expect.stringContaining('of another model'),
    })
    await refused({ optimizer: sgd({ learningRate: 0.1 }) }).toMatchObject({
      code: 'model.invalid',
      message: expect.stringContaining('another optimizer'),
    })
    expect(tf.memory().numTensors).toBe(numTensors)
  })
})
