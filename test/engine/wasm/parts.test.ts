import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal, wasm } from './beside-cpu.ts'

const length = fc.integer({ min: 1, max: 6 })
const cut = fc.record({ length, begin: fc.nat(), size: fc.nat() }).map(({ length: all, begin, size }) => {
  const from = begin % all
  return { length: all, begin: from, size: size % (all - from + 1) }
})

test('any slice and its gradient', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 6 }), async (cuts) => {
      await expectAsOnCpu((tf) => {
        const x = normal(
          tf,
          cuts.map((axis) => axis.length),
          1,
        )
        const [begin, size] = [cuts.map((axis) => axis.begin), cuts.map((axis) => axis.size)]
        const y = tf.slice(x, begin, size)
        // The cpu engine cannot pad nothing.
        if (y.size === 0 || x.rank > 4) return [y]
        return [y, tf.grad((a) => tf.slice(a, begin, size))(x, normal(tf, y.shape, 2))]
      })
    }),
    { numRuns: 100 },
  )
})

test('what is split, joined, unstacked or stacked along any axis', async () => {
  const cases = fc.record({
    shape: fc.array(length, { minLength: 1, maxLength: 4 }),
    axis: fc.nat(),
    lengths: fc.array(length, { minLength: 1, maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, axis: drawn, lengths }) => {
      const axis = drawn % shape.length
      const whole = shape.with(
        axis,
        lengths.reduce((sum, each) => sum + each, 0),
      )
      await expectAsOnCpu((tf) => {
        const x = normal(tf, whole, 1)
        const parts = tf.split(x, lengths, axis)
        const joined = tf.concat(
          lengths.map((each, i) => normal(tf, shape.with(axis, each), i)),
          axis,
        )
        const stacked = tf.stack([normal(tf, shape, 1), normal(tf, shape, 2), normal(tf, shape, 3)], axis)
        const last = tf.stack([normal(tf, shape, 1), normal(tf, shape, 2)], -1)
        return [...parts, joined, ...tf.unstack(x, axis), stacked, last]
      })
    }),
    { numRuns: 80 },
  )
})

test('sizes of -1, nothing, integers and booleans', async () => {
  await expectAsOnCpu((tf) => {
    const x = normal(tf, [3, 4], 1)
    const integers = tf.cast(tf.mul(x, 10), 'int32')
    const booleans = tf.greater(x, 0)
    return [
      tf.slice(x, [1], [-1]),
      tf.slice(x, 2),
      ...tf.split(x, [1, -1], 1),
      tf.concat([tf.zeros([0, 4]), x]),
      tf.concat([tf.zeros([0, 4]), tf.zeros([0, 4])]),
      ...[integers, booleans].flatMap((each) => [
        tf.slice(each, [1, 1], [2, 2]),
        tf.concat([each, each], 1),
        tf.stack([each, each], 1),
        ...tf.unstack(each),
      ]),
    ]
  })
})

test('a slice that reaches beyond, and shapes that do not match, are refused', async () => {
  const tf = await wasm()
  expect(() => tf.slice(tf.ones([2, 3]), [1, 0], [2, 3])).toThrow(/slice/)
  expect(() => tf.slice(tf.ones([5]), [-3], [2])).toThrow(/before the tensor/)
  expect(() => tf.concat([tf.ones([2, 3]), tf.ones([2, 2])])).toThrow(/[Cc]oncat/)
  expect(() => tf.stack([tf.ones([2, 3]), tf.ones([3, 2])])).toThrow(/match/)
})
