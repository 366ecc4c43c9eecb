import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import type { Report } from '../../src/study/trial.ts'
import {
  adam,
  dropout,
  evaluateClassifier,
  loadDigits,
  mlp,
  parseWeights,
  sgd,
  softmaxCrossEntropy,
  splitDataset,
  type TrainingConfig,
  takeRows,
  toTensors,
  trainClassifier,
} from '../../src/train/index.ts'
import { thrownBy } from '../helpers/errors.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const { train, validation, test: held } = splitDataset(loadDigits())
const model = mlp({ inputs: 64, hidden: [16], classes: 10, dropout: 0.2 })
const small: TrainingConfig = {
  model,
  optimizer: adam({ learningRate: 0.01 }),
  train,
  validation,
  batchSize: 32,
  steps: 60,
  evaluateEvery: 20,
}

/** Trains as trial 1 of a study; returns what was reported too. */
async function run(config: Partial<TrainingConfig> = {}, { seed = 0, stopAfter = Number.POSITIVE_INFINITY } = {}) {
  const reports: Report[] = []
  let asked = 0
  const trial = {
    report: (report: Report) => reports.push(report),
    shouldStop: () => ++asked >= stopAfter,
    random: (purpose: string) => createRandom(seed, 1, purpose),
  }
  return { result: await trainClassifier(tf, trial, { ...small, ...config }), reports }
}

describe('training', () => {
  test('learns, reports at the asked steps, and returns the best weights it saw', async () => {
    const { result, reports } = await run({ steps: 150, evaluateEvery: 40 })
    expect(reports.map(({ step }) => step)).toEqual([40, 80, 120, 150])
    expect(reports.at(-1)?.validationAccuracy).toBeGreaterThan(0.85)
    expect(reports.at(-1)?.trainLoss).toBeLessThan(reports[0]?.trainLoss ?? 0)
    expect(result).toMatchObject({ outcome: 'finished', steps: 150 })
    const highest = Math.max(...reports.map(({ validationAccuracy = 0 }) => validationAccuracy))
    expect(result.best?.validationAccuracy).toBe(highest)
    const weights = toTensors(tf, parseWeights(structuredClone(result.best?.weights)))
    const again = await evaluateClassifier(tf, model, weights, validation)
    expect(again).toEqual({ accuracy: result.best?.validationAccuracy, loss: result.best?.validationLoss })
    expect((await evaluateClassifier(tf, model, weights, held)).accuracy).toBeGreaterThan(0.8)
    tf.dispose(weights)
  })

  test('repeats bit for bit under one seed, and differs under another', async () => {
    const first = await run()
    expect((await run()).reports).toEqual(first.reports)
    expect((await run()).result).toEqual(first.result)
    expect((await run({}, { seed: 1 })).reports).not.toEqual(first.reports)
  })

  test('calls onBest for every improvement, best last', async () => {
    const seen: number[] = []
    const { result } = await run({ onBest: ({ validationAccuracy }) => seen.push(validationAccuracy) })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(result.best?.validationAccuracy)
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
    expect(result).toMatchObject({ outcome: 'stopped', steps: 25 })
    expect(reports.map(({ step }) => step)).toEqual([20])
  })

  test('notices divergence at the next evaluation and reports it as NaN', async () => {
    const { result, reports } = await run({ optimizer: sgd({ learningRate: 1e12 }) })
    expect(result).toMatchObject({ outcome: 'diverged', steps: 20 })
    expect(reports).toEqual([
      { step: 20, trainLoss: Number.NaN, validationLoss: Number.NaN, validationAccuracy: Number.NaN },
    ])
  })
})

describe('the model', () => {
  test('has gradients that agree with finite differences', () => {
    const net = mlp({ inputs: 3, hidden: [4], classes: 3 })
    const weights = net.init(createRandom(1, 0, 'weights'))
    const inputs = tf.tensor2d([
      [0.5, -1, 2],
      [1, 0.3, -0.7],
    ])
    const labels = tf.tensor1d([2, 0], 'int32')
    const loss = (params: ReturnType<typeof toTensors>) =>
      softmaxCrossEntropy(tf, net.apply(tf, params, inputs), labels)
    const { grads } = tf.valueAndGrads((...params) => loss(params))(toTensors(tf, weights))
    const h = 1e-2
    for (const [k, { values }] of weights.entries()) {
      for (let i = 0; i < values.length; i++) {
        const at = (delta: number) => {
          const moved = weights.map((weight, j) =>
            j === k ? { ...weight, values: weight.values.map((v, n) => (n === i ? v + delta : v)) } : weight,
          )
          return loss(toTensors(tf, moved)).dataSync()[0] ?? Number.NaN
        }
        expect(grads[k]?.dataSync()[i]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 3)
      }
    }
  })

  test('begins with the variance of He and zero biases, the same from the same stream', () => {
    const wide = mlp({ inputs: 200, hidden: [300], classes: 10 })
    const [kernel, bias] = wide.init(createRandom(0, 0, 'weights'))
    const variance = [...(kernel?.values ?? [])].reduce((sum, v) => sum + v * v, 0) / 60_000
    expect(variance / (2 / 200)).toBeCloseTo(1, 1)
    expect(bias?.values).toEqual(new Float32Array(300))
    expect(wide.init(createRandom(0, 0, 'weights'))[0]).toEqual(kernel)
  })

  test('of impossible shape, and weights of another one, are refused', () => {
    expect(thrownBy(() => mlp({ inputs: 64, hidden: [0], classes: 10 }))).toMatchObject({
      code: 'model.invalid',
      path: 'mlp',
    })
    expect(thrownBy(() => mlp({ inputs: 64, hidden: [8], classes: 10, dropout: 1 }))).toMatchObject({
      code: 'model.invalid',
      path: 'mlp.dropout',
      value: 1,
    })
    expect(thrownBy(() => model.apply(tf, [], tf.zeros([1, 64]))).code).toBe('model.invalid')
    for (const state of [undefined, 'weights', [{ shape: [2], values: new Float32Array(3) }]]) {
      expect(thrownBy(() => parseWeights(state)).code).toBe('model.invalid')
    }
  })
})

describe('the loss', () => {
  test('is the mean of -log softmax at the labels', () => {
    const logits = [
      [1, 2, 3],
      [0, 0, 1000],
    ]
    const expected = (-Math.log(Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(3))) - 0) / 2
    expect(softmaxCrossEntropy(tf, tf.tensor2d(logits), tf.tensor1d([0, 2], 'int32')).dataSync()[0]).toBeCloseTo(
      expected,
      5,
    )
  })

  test('and the accuracy of large data are put together from parts', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => i % train.rows)
    const weights = toTensors(tf, model.init(createRandom(0, 0, 'w')))
    const whole = await evaluateClassifier(tf, model, weights, takeRows(train, rows))
    const perRow = await Promise.all(
      [takeRows(train, rows.slice(0, 2500)), takeRows(train, rows.slice(2500))].map((part) =>
        evaluateClassifier(tf, model, weights, part),
      ),
    )
    expect(whole.accuracy).toBeCloseTo(((perRow[0]?.accuracy ?? 0) + (perRow[1]?.accuracy ?? 0)) / 2, 10)
    expect(whole.loss).toBeCloseTo(((perRow[0]?.loss ?? 0) + (perRow[1]?.loss ?? 0)) / 2, 5)
    tf.dispose(weights)
  })
})

describe('dropout', () => {
  test.each([0.1, 0.5, 0.9])('at rate %d drops that share and keeps the mean', (rate) => {
    const dropped = [...dropout(tf, tf.ones([200, 500]), rate, createRandom(0, 0, 'dropout')).dataSync()]
    const zeros = dropped.filter((x) => x === 0).length / dropped.length
    const mean = dropped.reduce((sum, x) => sum + x, 0) / dropped.length
    // Three standard errors of a share over 100,000 units, and of the mean.
    expect(Math.abs(zeros - rate)).toBeLessThan(3 * Math.sqrt((rate * (1 - rate)) / dropped.length))
    expect(Math.abs(mean - 1)).toBeLessThan(3 * Math.sqrt(rate / (1 - rate) / dropped.length))
    expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]))
  })

  test('at rate 0 does nothing, and repeats from the same stream', () => {
    const x = tf.tensor2d(new Float32Array(200), [4, 50])
    expect(dropout(tf, x, 0, createRandom(0, 0, 'd'))).toBe(x)
    const masked = (trial: number) => [...dropout(tf, tf.ones([4, 50]), 0.5, createRandom(0, trial, 'd')).dataSync()]
    expect(masked(1)).toEqual(masked(1))
    expect(masked(1)).not.toEqual(masked(2))
  })
})
