import type { Rank } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Tf } from '../../src/study/engine.ts'

/** What a sum over average pooling gives to each number of a square of ones. */
function shares(tf: Tf, length: number, size: number, strides: number, pad: 'same' | 'valid'): number[] {
  const image = tf.ones([length * length])
  const pooled = tf.grad((x) => tf.avgPool(tf.reshape<Rank.R4>(x, [1, length, length, 1]), size, strides, pad))
  return [...pooled(image).dataSync()]
}

test.each(['cpu', 'wasm'] as const)('%s gives each number its share of the means that it is in', async (name) => {
  const tf = await (await createEngine(name)).load()
  // Windows of 4, 2, 2 and 1 numbers, which do not overlap.
  expect(shares(tf, 3, 2, 2, 'same')).toEqual([1, 1, 2, 1, 1, 2, 2, 2, 4].map((n) => n / 4))
  // Nothing is padded: windows of 4, of which the corners are in one and the middle is in all.
  expect(shares(tf, 3, 2, 1, 'valid')).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1].map((n) => n / 4))
})

test('an engine that is made again is not mended again', async () => {
  for (let times = 0; times < 3; times++)
    expect(shares(await (await createEngine('cpu')).load(), 1, 2, 2, 'same')).toEqual([1])
})
