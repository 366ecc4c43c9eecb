import fc from 'fast-check'
import { test } from 'vitest'
import { expectAsOnCpu, normal, normal4d } from './beside-cpu.ts'

test('any batch normalization by the moments of each channel, with and without scale and offset', async () => {
  const size = fc.integer({ min: 1, max: 5 })
  const cases = fc.record({
    shape: fc.tuple(size, size, size, fc.constantFrom(1, 3, 4, 5, 8, 11)),
    scaled: fc.boolean(),
    shifted: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, scaled, shifted }) => {
      await expectAsOnCpu((tf) => {
        const channels = shape[3]
        const vector = (seed: number) => normal(tf, [channels], seed).as1D()
        const variance = tf.add(tf.square(vector(3)), 0.1)
        const [offset, scale] = [shifted ? vector(4) : undefined, scaled ? vector(5) : undefined]
        const x = normal4d(tf, shape, 1)
        return [tf.batchNorm4d(x, vector(2), variance.as1D(), offset, scale, 0.01)]
      })
    }),
    { numRuns: 60 },
  )
})

test('moments for each number', async () => {
  await expectAsOnCpu((tf) => {
    const x = normal4d(tf, [2, 3, 2, 4], 1)
    const [mean, variance] = [normal4d(tf, [2, 3, 2, 4], 2), tf.add(tf.square(normal4d(tf, [2, 3, 2, 4], 3)), 0.1)]
    return [tf.batchNorm4d(x, mean, variance.as4D(2, 3, 2, 4))]
  })
})
