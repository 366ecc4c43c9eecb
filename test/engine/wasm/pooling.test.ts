import type { Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectAsOnCpu, normal4d } from './beside-cpu.ts'

const size = fc.integer({ min: 1, max: 9 })
const tap = fc.integer({ min: 1, max: 4 })
const poolings = fc.record({
  images: fc.tuple(fc.integer({ min: 0, max: 3 }), size, size, fc.constantFrom(1, 2, 3, 4, 5, 8, 13)),
  window: fc.tuple(tap, tap),
  strides: fc.tuple(tap, tap),
  pad: fc.constantFrom<('same' | 'valid')[]>('same', 'valid'),
})

test.each(['maxPool', 'avgPool'] as const)('any %s and its gradient are those of the cpu engine', async (pool) => {
  await fc.assert(
    fc.asyncProperty(poolings, fc.boolean(), async ({ images, window, strides, pad }, ties) => {
      fc.pre(pad === 'same' || (images[1] >= window[0] && images[2] >= window[1]))
      await expectAsOnCpu((tf) => {
        const drawn = normal4d(tf, images, 1)
        const x = ties ? tf.round(drawn) : drawn
        const y: Tensor4D = tf[pool](x, window, strides, pad)
        const dy = normal4d(tf, y.shape, 2)
        return [y, tf.grad((a) => tf[pool](a.as4D(...x.shape), window, strides, pad))(x, dy)]
      })
    }),
    { numRuns: 100 },
  )
})

test('of equal numbers the first takes all of the gradient', async () => {
  await expectAsOnCpu((tf) => {
    const gradient = tf.grad((x) => tf.maxPool(x.as4D(1, 4, 4, 5), 2, 2, 'valid'))
    return [gradient(tf.ones([1, 4, 4, 5]))]
  })
})

test('padding by number, and not-a-number in a window', async () => {
  await expectAsOnCpu((tf) => {
    const x = normal4d(tf, [2, 7, 5, 6], 1)
    const spoilt = tf.tensor4d([1, 2, Number.NaN, 4, 5, 6, 7, 8, Number.NEGATIVE_INFINITY], [1, 3, 3, 1])
    return [
      tf.grad((a) => tf.maxPool(a.as4D(...x.shape), 3, 2, 1))(x),
      tf.grad((a) => tf.avgPool(a.as4D(...x.shape), 3, 2, 1))(x),
      tf.grad((a) => tf.maxPool(a.as4D(...spoilt.shape), 2, 1, 'same'))(spoilt),
    ]
  })
})
