import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectAsOnCpu, normal, normal4d, wasm } from './beside-cpu.ts'

type Pair = [number, number]
type Sides = [Pair, Pair, Pair, Pair]

const few = fc.integer({ min: 0, max: 2 })
const size = fc.integer({ min: 1, max: 9 })
const tap = fc.integer({ min: 1, max: 4 })
const channels = fc.constantFrom(1, 2, 3, 4, 5, 8, 9)
const sides = fc.tuple(few, few, few, few).map(
  ([a, b, c, d]): Sides => [
    [0, 0],
    [a, b],
    [c, d],
    [0, 0],
  ],
)
const convolutions = fc
  .record({
    images: fc.record({ batch: fc.integer({ min: 1, max: 3 }), height: size, width: size, inputs: channels }),
    filter: fc.record({ height: tap, width: tap, outputs: channels }),
    strides: fc.tuple(tap, tap),
    dilations: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    dilated: fc.boolean(),
    pad: fc.oneof(fc.constantFrom<('same' | 'valid')[]>('same', 'valid'), fc.constantFrom(1, 2), sides),
  })
  .map(({ strides, dilations, dilated, ...others }) => ({
    ...others,
    strides: dilated ? ([1, 1] as Pair) : strides,
    dilations: dilated ? dilations : ([1, 1] as Pair),
  }))

test('any convolution, and its gradients where it has them, are those of the cpu engine', async () => {
  await fc.assert(
    fc.asyncProperty(convolutions, async ({ images, filter, strides, dilations, pad }) => {
      const { batch, height, width, inputs } = images
      const explicit = Array.isArray(pad)
        ? pad
        : [
            [0, 0],
            [pad, pad],
            [pad, pad],
            [0, 0],
          ]
      const room = (length: number, i: number) => {
        const [before = 0, after = 0] = explicit[i + 1] ?? []
        return pad === 'same' ? length : length + (pad === 'valid' ? 0 : Number(before) + Number(after))
      }
      const reach = (taps: number, dilation: number) => (taps - 1) * dilation + 1
      fc.pre(pad === 'same' || room(height, 0) >= reach(filter.height, dilations[0]))
      fc.pre(pad === 'same' || room(width, 1) >= reach(filter.width, dilations[1]))
      // Which may be a number only where the window has the same size both ways, as far as tfjs is concerned.
      fc.pre(typeof pad !== 'number' || (filter.height === filter.width && dilations[0] === dilations[1]))
      await expectAsOnCpu((tf) => {
        const x = normal4d(tf, [batch, height, width, inputs], 1)
        const w = normal4d(tf, [filter.height, filter.width, inputs, filter.outputs], 2)
        const y = tf.conv2d(x, w, strides, pad, 'NHWC', dilations)
        if (dilations.some((dilation) => dilation > 1)) return [y]
        const dy = normal4d(tf, y.shape, 3)
        return [y, ...tf.grads((a, b) => tf.conv2d(a.as4D(...x.shape), b.as4D(...w.shape), strides, pad))([x, w], dy)]
      })
    }),
    { numRuns: 120 },
  )
})

// Patches are written out a megabyte at a time, in multiples of 96 rows.
test.each([
  ['over several images', [3, 20, 20, 40], [3, 3, 40, 8]],
  ['that are larger than that', [2, 10, 10, 300], [9, 9, 300, 1]],
  ['of a pixel, without patches', [2, 30, 40, 70], [1, 1, 70, 9]],
  ['of the whole image, without patches', [3, 8, 7, 50], [8, 7, 50, 6]],
] as const)('patches %s', async (_what, images, filter) => {
  await expectAsOnCpu((tf) => {
    const [x, w] = [normal4d(tf, images, 1), normal4d(tf, filter, 2)]
    const y = tf.conv2d(x, w, 1, 'valid')
    const gradients = tf.grads((a, b) => tf.conv2d(a.as4D(...x.shape), b.as4D(...w.shape), 1, 'valid'))
    return [y, ...gradients([x, w], normal4d(tf, y.shape, 3))]
  }, 3e-5)
})

test.each([[1], [2]])('channels first, strides of %i', async (stride) => {
  await expectAsOnCpu((tf) => {
    const [x, w] = [normal4d(tf, [2, 3, 6, 7], 1), normal4d(tf, [3, 2, 3, 5], 2)]
    const pad: Sides = [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 2],
    ]
    return ['same' as const, pad].flatMap((each) => {
      const y = tf.conv2d(x, w, stride, each, 'NCHW')
      const gradients = tf.grads((a, b) => tf.conv2d(a.as4D(...x.shape), b.as4D(...w.shape), stride, each, 'NCHW'))
      return [y, ...gradients([x, w], normal4d(tf, y.shape, 3))]
    })
  })
})

test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
  'bias and %s are fused',
  async (activation) => {
    await expectAsOnCpu((tf) => {
      const [x, filter] = [normal4d(tf, [2, 6, 5, 3], 1), normal4d(tf, [3, 3, 3, 7], 2)]
      const preluActivationWeights = normal(tf, [7], 4)
      const options = { strides: 1, pad: 'same', leakyreluAlpha: 0.3 } as const
      return [[7], []].map((shape) =>
        tf.fused.conv2d({ ...options, x, filter, bias: normal(tf, shape, 3), activation, preluActivationWeights }),
      )
    })
  },
)

test('nothing, and of nothing', async () => {
  await expectAsOnCpu((tf) => [
    tf.conv2d(tf.zeros([0, 5, 4, 3]).as4D(0, 5, 4, 3), tf.ones([2, 2, 3, 6]).as4D(2, 2, 3, 6), 1, 'same'),
    tf.conv2d(tf.ones([2, 3, 3, 2]).as4D(2, 3, 3, 2), tf.zeros([2, 2, 2, 0]).as4D(2, 2, 2, 0), 1, 'same'),
  ])
  const tf = await wasm()
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [2, 2, 3, 6] }
  const dw: Tensor = tf
    .engine()
    .runKernel('Conv2DBackpropFilter', { x: tf.zeros([0, 5, 4, 3]), dy: tf.zeros([0, 5, 4, 6]) }, attrs)
  expect([...dw.dataSync()]).toEqual(Array.from({ length: 72 }, () => 0))
})

test('what is not finite reaches the windows that see it', async () => {
  await expectAsOnCpu((tf) => {
    const x = tf.tensor4d([1, 2, Number.NaN, 4, 5, Number.POSITIVE_INFINITY, 7, 8, 9], [1, 3, 3, 1])
    return [tf.conv2d(x, tf.ones([2, 2, 1, 1]).as4D(2, 2, 1, 1), 1, 'same')]
  })
})

test('integers are refused', async () => {
  const tf = await wasm()
  const call = { x: tf.ones([1, 2, 2, 1], 'int32'), filter: tf.ones([1, 1, 1, 1]) }
  const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] }
  expect(() => tf.engine().runKernel('Conv2D', call, attrs)).toThrow(/float32 images, not int32/)
})
