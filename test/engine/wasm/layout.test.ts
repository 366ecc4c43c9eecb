import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Tf } from '../../../src/study/engine.ts'
import { expectAsOnCpu, normal, wasm } from './beside-cpu.ts'

const length = fc.constantFrom(1, 2, 3, 4, 5, 9)
const shapes = (most: number) => fc.array(length, { minLength: 1, maxLength: most })
const ordered = shapes(6).chain((shape) =>
  fc.record({ shape: fc.constant(shape), order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }) }),
)

test('any transpose, of floats and of integers', async () => {
  await fc.assert(
    fc.asyncProperty(ordered, async ({ shape, order }) => {
      await expectAsOnCpu((tf) => {
        const x = normal(tf, shape, 1)
        return [tf.transpose(x, order), tf.transpose(tf.cast(tf.mul(x, 100), 'int32'), order)]
      })
    }),
    { numRuns: 100 },
  )
})

// Squares of four are turned at a time.
test.each([
  [3, 5],
  [4, 8],
  [7, 9],
  [64, 33],
])('the transpose of a matrix of %i x %i', async (rows, columns) => {
  await expectAsOnCpu((tf) => [
    tf.transpose(normal(tf, [rows, columns], 1)),
    tf.transpose(normal(tf, [2, rows, columns], 1), [0, 2, 1]),
    tf.transpose(normal(tf, [rows, 2, columns], 1), [2, 1, 0]),
  ])
})

test('any padding, tiling and reversal', async () => {
  const cases = fc.record({ shape: shapes(4), seed: fc.nat(1000) })
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, seed }) => {
      const draw = (axis: number, most: number) => Math.floor(seed / (axis + 1)) % most
      await expectAsOnCpu((tf) => {
        const x = normal(tf, shape, seed)
        const paddings = shape.map((_, axis): [number, number] => [draw(axis, 3), draw(axis + 3, 2)])
        const times = shape.map((_, axis) => 1 + draw(axis, 3))
        const turned = [...shape.keys()].filter((axis) => draw(axis, 2) === 0)
        return [
          tf.pad(x, paddings, 0.5),
          tf.pad(tf.cast(x, 'int32'), paddings, 7),
          tf.tile(x, times),
          tf.grad((a) => tf.tile(a, times))(x),
          tf.reverse(x, turned),
          tf.reverse(x),
        ]
      })
    }),
    { numRuns: 60 },
  )
})

test('booleans are moved as well', async () => {
  await expectAsOnCpu((tf) => {
    const x = tf.tensor2d([1, 0, 0, 1, 1, 0], [2, 3], 'bool')
    return [
      tf.transpose(x),
      tf.tile(x, [2, 1]),
      tf.reverse(x, 1),
      tf.clone(x),
      tf.cast(x, 'float32'),
      tf.slice(x, [0, 1]),
    ]
  })
})

test('what leaves the values in their order shares them, until both are gone', async () => {
  const tf = await wasm()
  const address = ({ dataId }: Tensor) => dataId
  const x = tf.tensor2d([1, 2, 3, 4], [1, 4])
  const same: Record<string, (tf: Tf) => Tensor> = {
    cast: () => tf.cast(x, 'float32'),
    transpose: () => tf.transpose(x),
    identity: () => tf.engine().runKernel('Identity', { x }),
  }
  for (const [name, make] of Object.entries(same)) {
    const y = make(tf)
    expect(address(y), name).toBe(address(x))
    y.dispose()
    expect([...x.dataSync()], name).toEqual([1, 2, 3, 4])
  }
  const last = tf.transpose(x)
  x.dispose()
  expect([...last.dataSync()]).toEqual([1, 2, 3, 4])
  last.dispose()
})
