import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import type { Tf } from '../../../src/study/engine.ts'
import { expectAsOnCpu, normals } from './beside-cpu.ts'

const comparing = (tf: Tf, a: Tensor, b: Tensor) => [
  tf.greater(a, b),
  tf.greaterEqual(a, b),
  tf.less(a, b),
  tf.lessEqual(a, b),
  tf.equal(a, b),
  tf.notEqual(a, b),
  tf.maximum(a, b),
  tf.minimum(a, b),
]

const values = [0, -0, 1, -1, 0.5, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

test('comparisons of as many numbers, or with one', async () => {
  const number = fc.constantFrom(...values)
  // Sixteen at a time, and the rest one by one.
  const pairs = fc.array(fc.tuple(number, number), { maxLength: 37 })
  await fc.assert(
    fc.asyncProperty(pairs, number, async (drawn, one) => {
      await expectAsOnCpu((tf) => {
        const [a, b] = [0, 1].map((side) =>
          tf.tensor1d(
            drawn.map((pair) => pair[side] ?? 0),
            'float32',
          ),
        )
        if (!a || !b) return []
        const scalar = tf.scalar(one, 'float32')
        return [...comparing(tf, a, b), ...comparing(tf, a, scalar), ...comparing(tf, scalar, b)]
      })
    }),
    { numRuns: 60 },
  )
})

test('comparisons that broadcast, and of integers', async () => {
  await expectAsOnCpu((tf) => {
    const integers = tf.tensor1d([1, -2, 3], 'int32')
    const shapes = [
      [[4, 3], [3]],
      [
        [4, 1],
        [1, 3],
      ],
      [[1], []],
      [[], [1]],
      [[1, 1], [3]],
      [[3], [1, 1]],
    ] as const
    const floats = (shape: readonly number[], seed: number) =>
      tf.tensor(
        normals(
          shape.reduce((size, length) => size * length, 1),
          seed,
        ),
        [...shape],
      )
    return [
      ...shapes.flatMap(([a, b]) => comparing(tf, floats(a, 1), floats(b, 2))),
      ...comparing(tf, integers, tf.scalar(1, 'int32')),
    ]
  })
})

test('powers, whole and not', async () => {
  await expectAsOnCpu((tf) => {
    const x = tf.tensor1d([...values, ...normals(6, 1)])
    return [0, 1, 2, 3, 4, 5, -1, 0.5].flatMap((exponent) => [
      tf.pow(x, exponent),
      tf.grad((a) => tf.pow(a, exponent))(tf.tensor1d(normals(7, 2))),
    ])
  })
})
