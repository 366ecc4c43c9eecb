import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { findEngine } from '../../helpers/engines.ts'

const engine = await findEngine('tensorflow')
const cpu = await createEngine('cpu')

/** Values that repeat nowhere near, so that no misplaced window goes unseen. */
function image(tf: Tf, shape: [number, number, number, number]): Tensor4D {
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) - 0.1),
    shape,
  )
}

interface Case {
  readonly name: string
  /** Shape of the image, and of the filter where there is one. */
  readonly x: [number, number, number, number]
  readonly filter?: [number, number, number, number]
  run(tf: Tf, x: Tensor4D, filter: Tensor4D): Tensor
}

const CASES: readonly Case[] = [
  {
    name: 'convolution whose last window leaves a row over',
    x: [2, 8, 7, 2],
    filter: [3, 3, 2, 4],
    run: (tf, x, filter) => tf.conv2d(x, filter, 2, 1, 'NHWC', 1, 'floor'),
  },
  {
    name: 'convolution with margins that differ by side',
    x: [1, 6, 7, 2],
    filter: [3, 2, 2, 3],
    run: (tf, x, filter) =>
      tf.conv2d(x, filter, 1, [
        [0, 0],
        [2, 0],
        [0, 1],
        [0, 0],
      ]),
  },
  {
    name: 'fused convolution',
    x: [1, 6, 6, 2],
    filter: [3, 3, 2, 3],
    run: (tf, x, filter) => tf.fused.conv2d({ x, filter, strides: 1, pad: 2, activation: 'relu' }),
  },
  {
    name: 'depthwise convolution',
    x: [2, 7, 6, 3],
    filter: [3, 3, 3, 2],
    run: (tf, x, filter) => tf.depthwiseConv2d(x, filter, 1, 1),
  },
  {
    name: 'fused depthwise convolution',
    x: [2, 7, 6, 3],
    filter: [3, 3, 3, 1],
    run: (tf, x, filter) => tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 1 }),
  },
  { name: 'greatest of numbers below zero', x: [1, 5, 5, 2], run: (tf, x) => tf.maxPool(tf.sub(x, 9), 3, 2, 1) },
  { name: 'mean of what is inside', x: [2, 7, 5, 2], run: (tf, x) => tf.avgPool(x, [3, 2], 2, 1, 'floor') },
]

describe.skipIf(!engine)('paddings that tfjs-node refuses', () => {
  test.each(CASES)('$name, forward and backward, is as on the cpu engine', async ({ x, filter, run }) => {
    const results: number[][][] = []
    for (const each of [cpu, engine]) {
      const tf = await each?.load()
      if (!tf) continue
      const before = tf.memory().numTensors
      const tensors = tf.tidy(() => {
        const inputs = filter ? [image(tf, x), image(tf, filter)] : [image(tf, x)]
        const value = (...[a, b]: Tensor[]) => {
          const y = run(tf, tf.reshape<Rank.R4>(a ?? [], x), tf.reshape<Rank.R4>(b ?? [], filter ?? [0, 0, 0, 0]))
          return tf.sum(tf.mul(y, tf.reshape(tf.sin(tf.range(0, y.size)), y.shape)))
        }
        const { value: sum, grads } = tf.valueAndGrads((...args: Tensor[]) => tf.reshape<Rank.R0>(value(...args), []))(
          inputs,
        )
        return [sum, ...grads]
      })
      results.push(tensors.map((tensor) => [...tensor.dataSync()]))
      tf.dispose(tensors)
      expect(tf.memory().numTensors).toBe(before)
    }
    const [expected = [], actual = []] = results
    expect(actual.map((part) => part.length)).toEqual(expected.map((part) => part.length))
    for (const [i, part] of expected.entries()) {
      for (const [j, number] of part.entries()) expect(actual[i]?.[j]).toBeCloseTo(number, 4)
    }
  })
})
