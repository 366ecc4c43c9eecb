import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'

const tf = await (await createEngine('cpu')).load()

const values = (x: Tensor | undefined) => [...(x?.dataSync() ?? [])]

test('each number that went into a sum has its gradient, and of a mean its share', () => {
  const x = tf.ones([2, 3])
  const dy = tf.tensor1d([1, 2, 3])
  expect(values(tf.grad((a) => tf.sum(a, 0))(x, dy))).toEqual([1, 2, 3, 1, 2, 3])
  expect(values(tf.grad((a) => tf.mean(a, 0))(x, dy))).toEqual([0.5, 1, 1.5, 0.5, 1, 1.5])
  expect(values(tf.grad((a) => tf.sum(a, -1, true))(x, tf.tensor2d([1, 2], [2, 1])))).toEqual([1, 1, 1, 2, 2, 2])
  expect(values(tf.grad((a) => tf.mean(a))(x, tf.scalar(6)))).toEqual([1, 1, 1, 1, 1, 1])
  expect(values(tf.grad((a) => tf.sum(a))(tf.scalar(3)))).toEqual([1])
})

test('second derivatives go through sums and means', () => {
  // d²/dx² of mean(x)³ over two numbers: every entry of the Hessian is 6 m / 4, and each row sums up to 3 m.
  const slope = tf.grad((x) => tf.pow(tf.mean(x), 3))
  const x = tf.tensor1d([1, 3])
  for (const row of values(tf.grad((a) => tf.sum(slope(a)))(x))) expect(row).toBeCloseTo(6, 5)
})

test('what is tiled has the sum of the gradients of its copies', () => {
  const dy = tf.range(0, 12).reshape([4, 3])
  expect(values(tf.grad((x) => tf.tile(x, [2, 1]))(tf.ones([2, 3]), dy))).toEqual([6, 8, 10, 12, 14, 16])
  expect(values(tf.grad((x) => tf.tile(x, [4, 3]))(tf.ones([1, 1]), dy))).toEqual([66])
  expect(values(tf.grad((x) => tf.tile(x, [1, 1]))(tf.ones([4, 3]), dy))).toEqual(values(dy))
  // More than the four axes that tfjs knows.
  const many = tf.grad((x) => tf.tile(x, [1, 2, 1, 1, 3]))(tf.ones([1, 1, 2, 1, 1]), tf.ones([1, 2, 2, 1, 3]))
  expect([many.shape, values(many)]).toEqual([
    [1, 1, 2, 1, 1],
    [6, 6],
  ])
})

test('a vector broadcast to thousands of rows takes no operation for each of them', async () => {
  const { kernelNames } = await tf.profile(() => tf.grad((x) => tf.broadcastTo(x, [5000, 2]))(tf.ones([1, 2])))
  expect(kernelNames).not.toContain('Slice')
})
