import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal, wasm } from './beside-cpu.ts'

const length = fc.integer({ min: 1, max: 6 })

test('any gather and its gradient are those of the cpu engine', async () => {
  const gathers = fc
    .record({
      shape: fc.array(length, { minLength: 1, maxLength: 4 }),
      axis: fc.nat(),
      of: fc.array(length, { maxLength: 3 }),
    })
    .map(({ shape, axis, of }) => ({ shape, axis: axis % shape.length, of }))
  await fc.assert(
    fc.asyncProperty(gathers, fc.nat(), async ({ shape, axis, of }, seed) => {
      const count = of.reduce((size, each) => size * each, 1)
      const places = Int32Array.from({ length: count }, (_, i) => (seed + i * i) % (shape[axis] ?? 1))
      await expectAsOnCpu((tf) => {
        const x = normal(tf, shape, 1)
        const at = tf.tensor(places, of, 'int32')
        const y = tf.gather(x, at, axis)
        return [y, tf.grad((a) => tf.gather(a, at, axis))(x, normal(tf, y.shape, 2))]
      })
    }),
    { numRuns: 80 },
  )
})

// Rows are copied four numbers at a time, 16 at a time, and from 2 kB on by another instruction.
test.each([1, 3, 4, 7, 17, 70, 515])('rows of %i numbers', async (width) => {
  await expectAsOnCpu((tf) => {
    const x = normal(tf, [5, width], 1)
    const at = tf.tensor1d([4, 0, 0, 3, 4, 4], 'int32')
    return [tf.gather(x, at), tf.unsortedSegmentSum(normal(tf, [6, width], 2), at, 5)]
  })
})

test('rows of booleans and of integers, batches of rows, and nothing', async () => {
  await expectAsOnCpu((tf) => {
    const at = tf.tensor1d([2, 0], 'int32')
    return [
      tf.gather(tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2], 'bool'), at),
      tf.gather(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2], 'int32'), at),
      tf.gather(normal(tf, [2, 3, 4, 2], 1), tf.tensor2d([1, 3, 0, 0, 2, 2], [2, 3], 'int32'), 2, 1),
      tf.gather(normal(tf, [3, 0], 1), at),
      tf.gather(normal(tf, [3, 2], 1), tf.tensor1d([], 'int32')),
    ]
  })
})

test('rows outside the table are refused when they are taken, and dropped when they are added to', async () => {
  const tf = await wasm()
  for (const outside of [3, -1]) {
    expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, outside], 'int32'))).toThrow(
      `the index value ${outside} is not in [0, 2]`,
    )
  }
  // Rows are 8 bytes, so that the first would come round to where the sums begin.
  const sums = tf.unsortedSegmentSum(tf.ones([3, 2]), tf.tensor1d([-(2 ** 29), 7, 1], 'int32'), 2)
  expect([...sums.dataSync()]).toEqual([0, 0, 1, 1])
  expect(() => tf.unsortedSegmentSum(tf.ones([3, 2]), tf.tensor1d([0, 1], 'int32'), 2)).toThrow(/segment ids/)
})

test('what is not finite stays in its segment', async () => {
  const tf = await wasm()
  const sums = tf.unsortedSegmentSum(tf.tensor1d([Number.NaN, 2, 3]), tf.tensor1d([0, 1, 1], 'int32'), 3)
  expect([...sums.dataSync()]).toEqual([Number.NaN, 5, 0])
})

test.each(['float32', 'int32', 'bool'] as const)('one-hot rows of type %s', async (dtype) => {
  const [on, off] = dtype === 'bool' ? [1, 0] : [3, -2]
  await expectAsOnCpu((tf) => [
    tf.oneHot(tf.tensor2d([0, 2, -1, 1, 3, 2], [2, 3], 'int32'), 3, on, off, dtype),
    tf.oneHot(tf.tensor1d([], 'int32'), 4, on, off, dtype),
  ])
})
