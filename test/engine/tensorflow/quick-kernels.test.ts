import type { Tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { nodeBackend } from '../../../src/engine/tensorflow/node-backend.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { findEngine } from '../../helpers/engines.ts'

const engine = await findEngine('tensorflow')
const cpu = await createEngine('cpu')
const onProcessor = engine?.deviceKind === 'processor'

/** Values that repeat nowhere near. */
function numbers(tf: Tf, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898)),
    [...shape],
  )
}

interface Case {
  readonly name: string
  /** What TensorFlow is asked for, in order. */
  readonly operations: readonly string[]
  run(tf: Tf): Tensor
}

const product =
  (a: readonly number[], b: readonly number[], transposeA = false, transposeB = false) =>
  (tf: Tf) =>
    tf.matMul(numbers(tf, a), numbers(tf, b), transposeA, transposeB)
const sum = (shape: readonly number[], axes: number[], keepDims?: boolean) => (tf: Tf) =>
  tf.sum(numbers(tf, shape), axes, keepDims)
const gather = (shape: readonly number[], places: Int32Array, axis?: number) => (tf: Tf) =>
  tf.gather(numbers(tf, shape), tf.tensor1d(places, 'int32'), axis)
const places = Int32Array.of(3, 0, 3)

const CASES: readonly Case[] = [
  { name: 'product', operations: ['MatMul'], run: product([5, 7], [7, 3]) },
  { name: 'product with the left transposed', operations: ['MatMul'], run: product([7, 5], [7, 3], true) },
  { name: 'product with both transposed', operations: ['MatMul'], run: product([7, 5], [3, 7], true, true) },
  { name: 'product with a large right', operations: ['MatMul'], run: product([2, 600], [600, 300]) },
  {
    name: 'product with a large right transposed',
    operations: ['BatchMatMulV2'],
    run: product([2, 600], [300, 600], false, true),
  },
  { name: 'product of batches', operations: ['BatchMatMulV2'], run: product([2, 5, 7], [2, 7, 3]) },
  { name: 'product of nothing', operations: ['MatMul'], run: product([2, 0], [0, 3]) },
  { name: 'sum of rows', operations: ['BiasAddGrad'], run: sum([9, 4], [0]) },
  { name: 'sum over all but channels', operations: ['BiasAddGrad'], run: sum([2, 3, 4, 5], [2, 0, 1]) },
  { name: 'sum over all but channels from behind', operations: ['BiasAddGrad'], run: sum([2, 3, 5], [-3, -2]) },
  { name: 'sum of no rows', operations: ['BiasAddGrad'], run: sum([0, 4], [0]) },
  { name: 'sum of many rows of many', operations: ['BiasAddGrad'], run: sum([2000, 32], [0]) },
  { name: 'sum of many rows of few', operations: ['Sum'], run: sum([20_000, 2], [0]) },
  { name: 'sum of columns', operations: ['Sum'], run: sum([9, 4], [1]) },
  { name: 'sum of everything', operations: ['Sum'], run: sum([9, 4], [0, 1]) },
  { name: 'sum of a vector', operations: ['Sum'], run: sum([9], [0]) },
  {
    name: 'sum of integers',
    operations: ['Sum'],
    run: (tf) => tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0),
  },
  { name: 'the same shape', operations: [], run: (tf) => tf.reshape(numbers(tf, [3, 4]), [3, 4]) },
  { name: 'another shape', operations: ['Reshape'], run: (tf) => tf.reshape(numbers(tf, [3, 4]), [4, 3]) },
  { name: 'rows', operations: ['GatherV2'], run: gather([4, 3], places) },
  { name: 'columns', operations: ['GatherV2'], run: gather([2, 4, 3], places, 1) },
  { name: 'nothing gathered', operations: ['GatherV2'], run: gather([4, 3], new Int32Array()) },
  {
    name: 'from each row its own',
    operations: ['GatherV2'],
    run: (tf) => tf.gather(numbers(tf, [2, 5]), tf.tensor2d([4, 0, 1, 1], [2, 2], 'int32'), 1, 1),
  },
]

/** The operations that TensorFlow is asked for meanwhile. */
function operationsOf(tf: Tf, run: () => void): string[] {
  const backend = nodeBackend(tf)
  const { executeSingleOutput } = backend
  const asked: string[] = []
  Object.assign(backend, {
    executeSingleOutput(...call: Parameters<typeof executeSingleOutput>) {
      asked.push(call[0])
      return executeSingleOutput.apply(backend, call)
    },
  })
  try {
    run()
  } finally {
    Object.assign(backend, { executeSingleOutput })
  }
  return asked
}

describe.skipIf(!onProcessor)('kernels of tfjs-node that are replaced on a processor', () => {
  test.each(CASES)('$name: as on the cpu engine, and nothing is left behind', async ({ operations, run }) => {
    const expected = run(await cpu.load())
    const values = [...(await expected.data())]
    const tf = await engine?.load()
    if (!tf) return
    const before = tf.memory().numTensors
    const asked = operationsOf(tf, () => {
      tf.tidy(() => {
        const y = run(tf)
        expect([y.shape, y.dtype]).toEqual([expected.shape, expected.dtype])
        const found = y.dataSync()
        values.forEach((value, i) => {
          expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
        })
      })
    })
    expect(asked).toEqual(operations)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('a reshape lives on when what it was made of is disposed', async () => {
    const tf = await engine?.load()
    if (!tf) return
    const x = tf.add(tf.tensor2d([1, 2, 3, 4], [2, 2]), 0)
    const y = tf.reshape(x, [2, 2])
    x.dispose()
    expect([...(await y.data())]).toEqual([1, 2, 3, 4])
    y.dispose()
  })

  test.each([-1, 4])('place %i of 4 is refused', async (place) => {
    const tf = await engine?.load()
    if (!tf) return
    expect(() => tf.tidy(() => tf.gather(numbers(tf, [4, 3]), tf.tensor1d([place], 'int32')))).toThrow('not in [0, 4)')
  })
})
