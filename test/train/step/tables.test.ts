import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { add, type Expression, fill, mul, zerosLike } from '../../../src/engine/fusion/expression.ts'
import { tensorsIn } from '../../../src/engine/fusion/realize.ts'
import { REPLACE_ROWS } from '../../../src/engine/replace-rows.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import {
  adam,
  applyGradients,
  chain,
  type Dataset,
  disposeTraining,
  gatherBatch,
  initialWeights,
  type Model,
  scaleByLearningRate,
  scaleByMomentum,
  sgd,
  startOptimizer,
  startTraining,
  type Task,
  type Transformation,
  trainStep,
  uploadDataset,
} from '../../../src/train/index.ts'
import { tablesOfState } from '../../../src/train/optimizers/table-rows.ts'

const VOCABULARY = 50
const WIDTH = 3

/** The sum of a row of a table for each of two ids, times a weight. A second table serves the same ids. */
const model: Model = {
  parameters: [
    {
      name: 'table',
      role: 'embedding',
      input: 'categories',
      shape: [VOCABULARY, WIDTH],
      init: (random) => Float32Array.from({ length: VOCABULARY * WIDTH }, () => random.normal()),
    },
    { name: 'kernel', role: 'kernel', shape: [WIDTH, 1], init: () => Float32Array.of(1, -0.5, 2) },
    {
      name: 'first',
      role: 'embedding',
      input: 'categories',
      shape: [VOCABULARY, 1],
      init: () => new Float32Array(VOCABULARY),
    },
  ],
  apply({ tf, embedding, parameter }) {
    const sums = tf.sum(embedding('table'), 1)
    return tf.add(tf.matMul(sums, parameter('kernel')), tf.sum(embedding('first'), 1))
  },
}

const squares: Task = {
  metric: 'loss',
  goal: 'minimize',
  loss: (tf, outputs, labels) => tf.mean(tf.square(tf.sub(outputs.flatten(), labels))).asScalar(),
  measure: (tf, outputs, labels) => tf.square(tf.sub(outputs, labels.expandDims(1))),
  metrics: (measures, rows) => ({ loss: measures.reduce((sum, each) => sum + each, 0) / rows }),
}

/** Ids in [0, 20): most of the table is never touched. */
const dataset: Dataset = {
  rows: 40,
  inputs: { categories: { values: Int32Array.from({ length: 80 }, (_, i) => (i * 7 + (i >> 3)) % 20), shape: [2] } },
  labels: { values: Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)), shape: [] },
}

async function train(tf: Tf, optimizer: Transformation, steps: number, sparse: boolean): Promise<number[][]> {
  const training = { model, task: squares, optimizer }
  const random = (purpose: string) => createRandom(3, 0, purpose)
  const examples = uploadDataset(tf, dataset)
  let state = startTraining(tf, training, initialWeights(model, random))
  for (let step = 0; step < steps; step++) {
    const rows = [0, 1, 2, 3].map((i) => (step * 5 + i) % 40)
    const batch = () => {
      const { inputs, labels, touched } = gatherBatch(tf, examples, rows)
      return sparse && touched ? { inputs, labels, touched } : { inputs, labels }
    }
    state = trainStep(tf, training, state, batch, random('dropout'))
  }
  const values = await Promise.all([...state.params, state.lossSum].map(async (tensor) => [...(await tensor.data())]))
  disposeTraining(state)
  tf.dispose([examples.inputs, examples.labels])
  return values
}

function expectClose(actual: number[][], expected: number[][]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  const errors = actual.flatMap((list, i) => list.map((value, j) => Math.abs(value - (expected[i]?.[j] ?? Number.NaN))))
  expect(Math.max(...errors)).toBeLessThan(2e-5)
}

describe.each(['cpu', 'wasm'] as const)('embedding tables on %s', (name) => {
  test('by gradient descent become what updates of whole tables make of them', async () => {
    const tf = await (await createEngine(name)).load()
    const optimizer = sgd({ learningRate: 0.05 })
    const before = tf.memory()
    expectClose(await train(tf, optimizer, 12, true), await train(tf, optimizer, 12, false))
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes })
  })

  test('keep moments of rows that no batch has touched since: lazy Adam', async () => {
    const tf = await (await createEngine(name)).load()
    const optimizer = adam({ learningRate: 0.05 })
    const [sparse = [], dense = []] = await Promise.all([
      train(tf, optimizer, 12, true),
      train(tf, optimizer, 12, false),
    ])
    const start = await train(tf, optimizer, 0, true)
    const moved = (rows: number[][]) =>
      Array.from({ length: VOCABULARY }, (_, id) =>
        [0, 1, 2].some((j) => rows[0]?.[id * WIDTH + j] !== start[0]?.[id * WIDTH + j]),
      )
    // Both move what is touched; only whole updates go on to move what was touched once.
    expect(moved([sparse[0] ?? []])).toEqual(moved([dense[0] ?? []]))
    expect(sparse[0]).not.toEqual(dense[0])
    expect(moved([sparse[0] ?? []]).filter(Boolean)).toHaveLength(20)
  })

  test('with momentum agree with an update of the touched rows by hand', async () => {
    const tf = await (await createEngine(name)).load()
    const [table = []] = await train(tf, chain(scaleByMomentum(0.9), scaleByLearningRate(0.1)), 1, true)
    const [plain = []] = await train(tf, sgd({ learningRate: 0.1 }), 1, true)
    expectClose([table], [plain])
  })

  test('are copied while somebody reads them, and only then', async () => {
    const tf = await (await createEngine(name)).load()
    const training = { model, task: squares, optimizer: adam({ learningRate: 0.1 }) }
    const examples = uploadDataset(tf, dataset)
    const first = startTraining(
      tf,
      training,
      initialWeights(model, (purpose) => createRandom(1, 0, purpose)),
    )
    const step = (state: typeof first) =>
      trainStep(tf, training, state, () => gatherBatch(tf, examples, [0, 1]), createRandom(1, 0, 'd'))
    const clone = first.params[0]?.clone() ?? tf.scalar(0)
    const values = [...(await clone.data())]
    const second = step(first)
    expect([...(await clone.data())]).toEqual(values)
    clone.dispose()
    const { dataId } = second.params[0] ?? {}
    const third = step(second)
    if (tf.getKernel(REPLACE_ROWS, name)) expect(third.params[0]?.dataId).toBe(dataId)
    disposeTraining(third)
    tf.dispose([examples.inputs, examples.labels])
  })
})

test('the state that belongs to a table is found by its shape, also beside a parameter of the same shape', () => {
  const about = [
    { name: 'kernel', role: 'kernel', shape: [VOCABULARY, WIDTH] },
    { name: 'table', role: 'embedding', shape: [VOCABULARY, WIDTH] },
  ] as const
  expect(tablesOfState(adam({ learningRate: 1 }), about)).toEqual([undefined, 1, undefined, 1])
  expect(tablesOfState(sgd({ learningRate: 1 }), about)).toEqual([])
  const shared: Transformation = {
    init: (params) => params.flatMap(({ value }) => [value, value]),
    update: (gradients, state) => ({ updates: [...gradients], state }),
  }
  expect(tablesOfState(shared, about)).toEqual([undefined, undefined, 1, 1])
})

test('one tensor in two places of the state, before a step or after it, is written as two', async () => {
  const tf = await (await createEngine('wasm')).load()
  const twice: Transformation<{ a: Expression; b: Expression }> = {
    init([param]) {
      const zeros = param ? zerosLike(param.value) : fill([], 0)
      return { a: zeros, b: zeros }
    },
    update: ([g = fill([], 0)], { a, b }) => ({ updates: [mul(g, 0)], state: { a: add(a, g), b: add(b, mul(g, 2)) } }),
  }
  const table = { name: 'table', role: 'embedding', shape: [3, 1] } as const
  let optimized = startOptimizer(tf, twice, [tf.zeros([3, 1])], [table])
  for (const row of [1, 2]) {
    const touched = new Map([[0, { ids: tf.tensor1d([row], 'int32') }]])
    optimized = applyGradients(tf, twice, optimized, [tf.tensor([row], [1, 1])], { touched })
  }
  const values = await Promise.all(tensorsIn(optimized.state).map(async (tensor) => [...(await tensor.data())]))
  expect(values).toEqual([
    [0, 1, 2],
    [0, 2, 4],
  ])

  const same: typeof twice = {
    ...twice,
    update([g = fill([], 0)]) {
      const sum = add(g, 1)
      return { updates: [sum], state: { a: sum, b: sum } }
    },
  }
  optimized = applyGradients(tf, same, optimized, [tf.tensor([5], [1, 1])], {
    touched: new Map([[0, { ids: tf.tensor1d([0], 'int32') }]]),
  })
  const after = await Promise.all(tensorsIn(optimized.state).map(async (tensor) => [...(await tensor.data())]))
  expect(after).toEqual([
    [6, 1, 2],
    [6, 2, 4],
  ])
})
