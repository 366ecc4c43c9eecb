import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal4d, wasm } from './beside-cpu.ts'

const size = fc.integer({ min: 1, max: 8 })
const tap = fc.integer({ min: 1, max: 4 })

test('any depthwise convolution and its gradients are those of the cpu engine', async () => {
  const convolutions = fc.record({
    images: fc.tuple(fc.integer({ min: 1, max: 3 }), size, size, fc.constantFrom(1, 2, 3, 4, 5, 8, 19)),
    filter: fc.tuple(tap, tap, fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(tap, tap),
    pad: fc.constantFrom<('same' | 'valid')[]>('same', 'valid'),
  })
  await fc.assert(
    fc.asyncProperty(convolutions, async ({ images, filter: [height, width, times], strides, pad }) => {
      fc.pre(pad === 'same' || (images[1] >= height && images[2] >= width))
      await expectAsOnCpu((tf) => {
        const x = normal4d(tf, images, 1)
        const w = normal4d(tf, [height, width, images[3], times], 2)
        const y = tf.depthwiseConv2d(x, w, strides, pad)
        const gradients = tf.grads((a, b) => tf.depthwiseConv2d(a.as4D(...x.shape), b.as4D(...w.shape), strides, pad))
        return [y, ...gradients([x, w], normal4d(tf, y.shape, 3))]
      })
    }),
    { numRuns: 100 },
  )
})

test('channels first, and integers, are refused', async () => {
  const tf = await wasm()
  const attrs = { strides: 1, pad: 'same', dilations: 1, inputShape: [1, 2, 2, 1] }
  const run = (dtype: 'float32' | 'int32', dataFormat: string) => () =>
    tf
      .engine()
      .runKernel(
        'DepthwiseConv2dNativeBackpropInput',
        { dy: tf.ones([1, 2, 2, 1], dtype), filter: tf.ones([1, 1, 1, 1]) },
        { ...attrs, dataFormat },
      )
  expect(run('float32', 'NCHW')).toThrow(/NCHW/)
  expect(run('int32', 'NHWC')).toThrow(/int32/)
})
