import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal, wasm } from './beside-cpu.ts'

// Four numbers are taken in at a time, sixteen in a round; rows and rounds in blocks of 64.
const length = fc.constantFrom<number[]>(1, 2, 3, 4, 5, 16, 21)
const reductions = fc
  .array(length, { minLength: 1, maxLength: 5 })
  .filter((shape) => shape.reduce((size, each) => size * each, 1) < 50_000)
  .chain((shape) => fc.record({ shape: fc.constant(shape), axes: fc.subarray([...shape.keys()]), keep: fc.boolean() }))

test('sum, mean, largest and smallest over any axes', async () => {
  await fc.assert(
    fc.asyncProperty(reductions, async ({ shape, axes, keep }) => {
      await expectAsOnCpu((tf) => {
        const x = normal(tf, shape, 1)
        return [tf.sum(x, axes, keep), tf.mean(x, axes, keep), tf.max(x, axes, keep), tf.min(x, axes, keep)]
      })
    }),
    { numRuns: 120 },
  )
})

test.each([
  ['over the first axis', [700, 37], 0],
  ['over the last axis', [5, 4099], 1],
  ['over all', [301, 67], undefined],
  ['over what is not together', [9, 30, 70, 3], [0, 2]],
] as const)('many numbers, %s', async (_where, shape, axes) => {
  await expectAsOnCpu((tf) => {
    const x = normal(tf, shape, 1)
    const over = typeof axes === 'object' ? [...axes] : axes
    return [tf.sum(x, over), tf.mean(x, over), tf.max(x, over), tf.min(x, over)]
  })
})

test('a sum of a million equal numbers is right', async () => {
  const tf = await wasm()
  const x = tf.fill([1 << 20, 1], 0.1)
  const sums = [tf.sum(x), tf.sum(x, 0), tf.mean(tf.tile(x, [1, 2]), 0)].map((y) => y.dataSync()[0])
  const whole = Math.fround(0.1) * 2 ** 20
  for (const [i, expected] of [whole, whole, Math.fround(0.1)].entries()) {
    expect(Math.abs((sums[i] ?? 0) / expected - 1)).toBeLessThan(3e-5)
  }
})

test('not-a-number and infinity, integers, booleans, and nothing', async () => {
  await expectAsOnCpu((tf) => {
    const spoilt = tf.tensor2d([1, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, -1, 0, Number.NEGATIVE_INFINITY], [2, 4])
    const integers = tf.tensor2d([3, -5, 2, 7, 1, 0], [2, 3], 'int32')
    return [
      ...[0, 1].flatMap((axis) =>
        [spoilt, integers].flatMap((x) => [tf.sum(x, axis), tf.max(x, axis), tf.min(x, axis)]),
      ),
      tf.mean(spoilt, 1),
      tf.mean(integers, 0),
      tf.sum(tf.greater(integers, 0), 1),
      tf.sum(tf.zeros([3, 0]), 1),
      tf.mean(tf.zeros([3, 0]), 1),
      tf.sum(tf.zeros([0, 3]), 1),
    ]
  })
})

test('the gradients of sum and mean, and their own', async () => {
  await expectAsOnCpu((tf) => {
    const x = normal(tf, [3, 4, 5], 1)
    return [[0], [1, 2], undefined].flatMap((axes) => {
      const cubes = tf.grad((a) => tf.sum(tf.pow(tf.mean(tf.square(a), axes), 3)))
      return [cubes(x), tf.grad((a) => tf.sum(tf.square(cubes(a))))(x)]
    })
  }, 1e-4)
})
