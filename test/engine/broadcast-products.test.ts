import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Tf } from '../../src/study/engine.ts'

/** Batches of matrices of one number: their product is the product of tensors. */
function counting(tf: Tf, batch: readonly number[], from: number) {
  return tf.reshape(tf.range(from, from + tf.util.sizeFromShape([...batch])), [...batch, 1, 1])
}

const batches = [
  [
    [2, 1],
    [1, 3],
  ],
  [
    [2, 1],
    [2, 3],
  ],
  [
    [2, 3],
    [2, 1],
  ],
  [[3], [2, 3]],
  [[2, 3], [1]],
  [
    [2, 1, 2],
    [3, 1],
  ],
] as const

test.each(['cpu', 'wasm'] as const)(
  '%s broadcasts the batches of matrix products as those of other operands',
  async (name) => {
    const tf = await (await createEngine(name)).load()
    for (const [left, right] of batches) {
      const [a, b] = [counting(tf, left, 1), counting(tf, right, 10)]
      const expected = tf.mul(a, b)
      const before = tf.backend().numDataIds()
      const product = tf.matMul(a, b)
      expect(product.shape).toEqual(expected.shape)
      expect([...product.dataSync()]).toEqual([...expected.dataSync()])
      product.dispose()
      expect(tf.backend().numDataIds()).toBe(before)
    }
  },
)

test.each(['cpu', 'wasm'] as const)('%s refuses fused products of batches that it cannot tell apart', async (name) => {
  const tf = await (await createEngine(name)).load()
  const fused = (left: readonly number[], right: readonly number[]) =>
    tf.fused.matMul({ a: counting(tf, left, 1), b: counting(tf, right, 10), activation: 'relu' })
  expect([...fused([2], [1]).dataSync()]).toEqual([10, 20])
  expect(() => fused([2, 1], [2, 3])).toThrow(/broadcast/)
})
