import type { Tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { classification, gradientsOf, initialWeights, type Model, mlp, toTensors } from '../../../src/train/index.ts'
import { nextToken } from '../../../src/train/tasks/next-token.ts'
import { run } from './run-training.ts'

const random = (purpose: string) => createRandom(1, 0, purpose)
const net = mlp({ inputs: 3, hidden: [4], classes: 3 })

function batchOf(tf: Tf, rows: number) {
  const numbers = random('inputs')
  const features = tf.tensor2d(
    Float32Array.from({ length: 3 * rows }, () => numbers.normal()),
    [rows, 3],
  )
  const labels = tf.tensor1d(
    Int32Array.from({ length: rows }, () => numbers.int(3)),
    'int32',
  )
  return { inputs: { features }, labels }
}

const valuesOf = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])

function expectClose(actual: readonly Tensor[], expected: readonly Tensor[]): void {
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  const wanted = valuesOf(expected)
  valuesOf(actual).forEach((values, i) => {
    values.forEach((value, j) => void expect(value).toBeCloseTo(wanted[i]?.[j] ?? Number.NaN, 5))
  })
}

describe.each(['cpu', 'wasm'] as const)('gradients on %s', (engine) => {
  test('agree with finite differences', async () => {
    const tf = await (await createEngine(engine)).load()
    const weights = initialWeights(net, random)
    const batch = batchOf(tf, 2)
    const at = (moved: typeof weights) =>
      gradientsOf(tf, net, classification, toTensors(tf, moved), batch).loss.dataSync()[0] ?? Number.NaN
    const { gradients } = gradientsOf(tf, net, classification, toTensors(tf, weights), batch)
    const h = 1e-2
    for (const [k, { values }] of weights.entries()) {
      for (let i = 0; i < values.length; i++) {
        const move = (delta: number) =>
          at(
            weights.map((weight, j) =>
              j === k ? { ...weight, values: weight.values.with(i, (values[i] ?? 0) + delta) } : weight,
            ),
          )
        expect(gradients[k]?.dataSync()[i]).toBeCloseTo((move(h) - move(-h)) / (2 * h), 3)
      }
    }
  })

  test.each([1, 2, 3, 10, 99])('in %d parts are those of the whole, and leave no tensors', async (parts) => {
    const tf = await (await createEngine(engine)).load()
    const params = toTensors(tf, initialWeights(net, random))
    const batch = { ...batchOf(tf, 10), weights: tf.tensor1d([1, 2, 0, 1, 3, 1, 0.5, 1, 1, 2]) }
    const before = tf.memory().numTensors
    const whole = gradientsOf(tf, net, classification, params, batch)
    const kept = tf.memory().numTensors - before
    const inParts = gradientsOf(tf, net, classification, params, { ...batch, parts })
    expect(tf.memory().numTensors).toBe(before + 2 * kept)
    expectClose([inParts.loss, ...inParts.gradients], [whole.loss, ...whole.gradients])
  })

  test('in parts weigh every token the same, where padding makes the parts differ', async () => {
    const tf = await (await createEngine(engine)).load()
    const params = toTensors(tf, initialWeights(net, random))
    const { inputs } = batchOf(tf, 6)
    const labels = tf.tensor1d([0, -1, -1, 2, 1, -1], 'int32')
    const task = nextToken()
    const whole = gradientsOf(tf, net, task, params, { inputs, labels })
    const inParts = gradientsOf(tf, net, task, params, { inputs, labels, parts: 2 })
    expectClose([inParts.loss, ...inParts.gradients], [whole.loss, ...whole.gradients])
  })
})

/** Adds a statistic to a linear model: the mean of its inputs. */
const counting: Model = {
  parameters: [
    { name: 'kernel', role: 'kernel', shape: [3, 3], init: () => Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) },
    { name: 'mean', role: 'statistic', shape: [3], init: () => new Float32Array(3) },
  ],
  apply({ tf, parameter, update }, { features }) {
    if (!features) throw new Error('no features')
    update('mean', tf.mean(features, 0))
    return tf.matMul(features, parameter('kernel'))
  },
}

test('statistics of parts are put together by their rows', async () => {
  const tf = await (await createEngine('cpu')).load()
  const params = toTensors(tf, initialWeights(counting, random))
  const batch = batchOf(tf, 5)
  const of = (parts: number) => gradientsOf(tf, counting, classification, params, { ...batch, parts }).statistics.mean
  const [whole, inParts] = [of(1), of(2)]
  if (!whole || !inParts) throw new Error('no statistic')
  expectClose([inParts], [whole])
})

test('whoever watches sees the parts with their rows, then the whole, which is their mean', async () => {
  const tf = await (await createEngine('cpu')).load()
  const params = toTensors(tf, initialWeights(net, random))
  const seen: (readonly [string, number, number[]])[] = []
  const note = (what: string) => (gradients: readonly Tensor[], rows: number) =>
    void seen.push([what, rows, valuesOf(gradients).flat()])
  const watch = { onPart: note('part'), onBatch: note('batch') }
  gradientsOf(tf, net, classification, params, { ...batchOf(tf, 5), parts: 2, watch })
  expect(seen.map(([what, rows]) => [what, rows])).toEqual([
    ['part', 2],
    ['part', 3],
    ['batch', 5],
  ])
  const [two, three, whole] = seen.map(([, , values]) => values)
  whole?.forEach((value, i) => void expect(value).toBeCloseTo(0.4 * (two?.[i] ?? 0) + 0.6 * (three?.[i] ?? 0), 6))
})

test('training in micro-batches takes the same path, and leaves no tensors', async () => {
  const tf = await (await createEngine('cpu')).load()
  const config = { steps: 6, evaluateEvery: 2, model: mlp({ inputs: 64, hidden: [16], classes: 10 }) }
  const whole = await run(config)
  const { numTensors } = tf.memory()
  const inParts = await run({ ...config, accumulate: 5 })
  expect(tf.memory().numTensors).toBe(numTensors)
  inParts.reports.forEach(({ trainLoss, validationLoss }, i) => {
    expect(trainLoss).toBeCloseTo(whole.reports[i]?.trainLoss ?? Number.NaN, 4)
    expect(validationLoss).toBeCloseTo(whole.reports[i]?.validationLoss ?? Number.NaN, 4)
  })
})

test('an augmentation changes what is trained on, by a stream of the step', async () => {
  const drawn: number[] = []
  const { reports } = await run({
    ...{ steps: 4, evaluateEvery: 2, batchSize: 8 },
    augment(tf, batch, random) {
      drawn.push(random.next())
      return { ...batch, weights: tf.zeros([8]).as1D() }
    },
  })
  expect(new Set(drawn).size).toBe(4)
  // All examples have no weight: nothing is lost, and nothing learnt.
  expect(reports.map(({ trainLoss }) => Math.abs(trainLoss ?? 1))).toEqual([0, 0])
})
