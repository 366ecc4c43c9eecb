import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Engine, Tf } from '../../../src/study/engine.ts'

let cpu: Engine
let wasm: Engine
beforeAll(async () => {
  cpu = await createEngine('cpu')
  wasm = await createEngine('wasm')
})

function normal(tf: Tf, shape: number[], seed: number): Tensor {
  const random = createRandom(seed, 0, 'matmul')
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random.normal), shape)
}

/** Values that an engine computes, its tensors disposed. */
async function values(engine: Engine, compute: (tf: Tf) => Tensor[]): Promise<number[][]> {
  const tf = await engine.load()
  const tensors = tf.tidy(() => compute(tf))
  const arrays = tensors.map((tensor) => [...tensor.dataSync()])
  tf.dispose(tensors)
  return arrays
}

async function expectSame(compute: (tf: Tf) => Tensor[], size: number): Promise<void> {
  const [expected, actual] = [await values(cpu, compute), await values(wasm, compute)]
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  const error = actual.flat().map((value, i) => Math.abs(value - (expected.flat()[i] ?? Number.NaN)))
  // Rounding grows with the root of the number of terms; float32 has 24 bits.
  expect(Math.max(0, ...error)).toBeLessThan(8 * 2 ** -24 * Math.max(8, size))
}

const flags = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const))
// Tiles are 6 x 8, blocks 96 x 1024 x 256; sizes on both sides of each, and down to one.
const sizes = [
  [1, 1, 1],
  [6, 8, 4],
  [5, 9, 7],
  [7, 7, 3],
  [98, 10, 258],
  [13, 1027, 5],
] as const

test.each(sizes)('%i x %i over %i, with every transpose', async (m, n, k) => {
  for (const [transposeA, transposeB] of flags) {
    await expectSame((tf) => {
      const a = normal(tf, transposeA ? [k, m] : [m, k], 1)
      const b = normal(tf, transposeB ? [n, k] : [k, n], 2)
      return [tf.matMul(a, b, transposeA, transposeB)]
    }, k)
  }
})

test.each([
  [[3], [3]],
  [
    [2, 3],
    [2, 3],
  ],
  [[3], []],
  [[1], [4]],
  [
    [2, 1],
    [1, 3],
  ],
])('batches of %o and %o broadcast, with every transpose', async (batchA, batchB) => {
  const rank = Math.max(batchA.length, batchB.length)
  const padded = (batch: number[]) => [...Array.from({ length: rank - batch.length }, () => 1), ...batch]
  const shape = padded(batchA).map((length, i) => Math.max(length, padded(batchB)[i] ?? 1))
  for (const [transposeA, transposeB] of flags) {
    const operands = (tf: Tf) =>
      [
        normal(tf, [...batchA, ...(transposeA ? [4, 5] : [5, 4])], 1),
        normal(tf, [...batchB, ...(transposeB ? [7, 4] : [4, 7])], 2),
      ] as const
    // Held to products of single matrices, since the cpu engine does not broadcast over more than one of them.
    await expectSame((tf) => {
      const [a, b] = operands(tf)
      if (tf.getBackend() === 'wasm') return [tf.matMul(a, b, transposeA, transposeB)]
      const stack = (x: Tensor) => {
        const [height = 1, width = 1] = x.shape.slice(-2)
        const own = padded(x.shape.slice(0, -2))
        return tf.unstack(
          tf
            .broadcastTo(tf.reshape(x, [...own, height, width]), [...shape, height, width])
            .reshape([-1, height, width]),
        )
      }
      const others = stack(b)
      return [tf.stack(stack(a).map((one, i) => tf.matMul(one, others[i] ?? one, transposeA, transposeB)))]
    }, 4)
  }
})

test.each(flags)('gradients and second derivatives, transposed %s and %s', async (transposeA, transposeB) => {
  await expectSame((tf) => {
    const a = normal(tf, transposeA ? [7, 5] : [5, 7], 1)
    const b = normal(tf, transposeB ? [4, 7] : [7, 4], 2)
    const loss = (x: Tensor, y: Tensor) => tf.sum(tf.square(tf.matMul(x, y, transposeA, transposeB)))
    const first = tf.grads(loss)([a, b])
    const second = tf.grad((x: Tensor) => tf.sum(tf.square(tf.grad((z: Tensor) => loss(z, b))(x))))(a)
    return [...first, second]
  }, 400)
})

test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
  'bias and %s are fused',
  async (activation) => {
    await expectSame((tf) => {
      const [a, b] = [normal(tf, [5, 6], 1).as2D(5, 6), normal(tf, [6, 9], 2).as2D(6, 9)]
      const preluActivationWeights = normal(tf, [9], 4)
      return [[9], [1, 9], [5, 1], []].map((shape) =>
        tf.fused.matMul({ a, b, bias: normal(tf, shape, 3), activation, preluActivationWeights }),
      )
    }, 6)
  },
)

test('products over nothing are zero, and of nothing empty', async () => {
  const [over, of] = await values(wasm, (tf) => [
    tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
    tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 3])),
  ])
  expect(over).toEqual([0, 0, 0, 0, 0, 0])
  expect(of).toEqual([])
})

test('what is not finite stays in its row and column', async () => {
  const [product] = await values(wasm, (tf) => [
    tf.matMul(tf.tensor2d([1, Number.NaN, 2, 3], [2, 2]), tf.tensor2d([1, 2, Number.POSITIVE_INFINITY, 4], [2, 2])),
  ])
  expect(product).toEqual([Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, 16])
})

test('inner lengths that differ, and integers, are refused', async () => {
  const tf = await wasm.load()
  const [a, b] = [tf.ones([2, 3]), tf.ones([2, 3])]
  expect(() => tf.matMul(a, b)).toThrow(/inner shapes \(3\) and \(2\)/)
  expect(() => tf.matMul(tf.ones([1, 1], 'int32'), tf.ones([1, 1], 'int32'))).toThrow(/float32/)
})

test('nothing stays behind', async () => {
  const tf = await wasm.load()
  const before = [tf.backend().numDataIds(), tf.memory().numTensors]
  tf.tidy(() => {
    const a = tf.ones([2, 3]).as2D(2, 3)
    tf.fused.matMul({ a, b: a, transposeB: true, bias: tf.ones([2, 2]), activation: 'relu' })
    tf.grad((x: Tensor) => tf.sum(tf.matMul(x, a, false, true)))(a)
  })
  expect([tf.backend().numDataIds(), tf.memory().numTensors]).toEqual(before)
})

test('gradients over broadcast batches are summed over the copies', async () => {
  await expectSame((tf) => {
    const [a, b] = [normal(tf, [2, 3, 4], 1), normal(tf, [1, 4, 5], 2)]
    return tf.grads((x: Tensor, y: Tensor) => tf.sum(tf.square(tf.matMul(x, y))))([a, b])
  }, 100)
})
