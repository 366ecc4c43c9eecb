import type { fused } from '@tensorflow/tfjs-core'
import { floats } from '../draw.ts'
import { layer } from '../layer-case.ts'

type Pair = readonly [number, number]
type Padding = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]]

interface Convolution {
  /** Batch, height, width, channels. */
  readonly x: readonly [number, number, number, number]
  /** Height, width, channels out; for depthwise convolution outputs a channel. */
  readonly kernel: readonly [number, number, number]
  readonly strides?: Pair
  readonly pad?: Padding
  readonly dilation?: number
}

const convolutions: Convolution[] = [
  { x: [2, 7, 6, 3], kernel: [3, 3, 5] },
  { x: [2, 7, 6, 3], kernel: [3, 3, 5], pad: 'valid' },
  { x: [1, 8, 8, 1], kernel: [3, 3, 8] },
  { x: [1, 8, 8, 8], kernel: [3, 3, 8] },
  { x: [2, 8, 8, 4], kernel: [3, 3, 8], strides: [2, 2] },
  { x: [3, 7, 9, 2], kernel: [3, 3, 3], strides: [2, 2], pad: 'valid' },
  { x: [2, 5, 6, 3], kernel: [1, 1, 7] },
  { x: [2, 5, 6, 3], kernel: [1, 1, 4], strides: [2, 2] },
  { x: [1, 9, 9, 3], kernel: [5, 5, 2] },
  { x: [2, 9, 8, 1], kernel: [5, 5, 3], strides: [2, 2] },
  { x: [2, 6, 6, 3], kernel: [2, 2, 4] },
  { x: [2, 7, 7, 3], kernel: [4, 4, 2], strides: [2, 2] },
  { x: [2, 6, 6, 2], kernel: [2, 2, 4], strides: [2, 2], pad: 'valid' },
  { x: [1, 6, 7, 2], kernel: [3, 1, 3], strides: [1, 2] },
  { x: [1, 6, 7, 2], kernel: [1, 4, 3], strides: [2, 1] },
  { x: [1, 6, 7, 2], kernel: [3, 3, 3], pad: 1 },
  {
    x: [1, 6, 7, 2],
    kernel: [3, 3, 3],
    pad: [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
  },
  // The kernel is as large as the image.
  { x: [2, 4, 4, 3], kernel: [4, 4, 6], pad: 'valid' },
  { x: [2, 1, 1, 5], kernel: [3, 3, 4] },
  // Larger than one block of any kernel.
  { x: [3, 13, 11, 17], kernel: [3, 3, 37] },
  { x: [2, 9, 9, 70], kernel: [1, 1, 33] },
]

const dilated: Convolution[] = [
  { x: [2, 8, 9, 3], kernel: [3, 3, 4], dilation: 2 },
  { x: [2, 8, 9, 3], kernel: [3, 3, 4], dilation: 2, pad: 'valid' },
  { x: [1, 9, 9, 2], kernel: [2, 2, 3], dilation: 3 },
]

const depthwise: Convolution[] = [
  { x: [2, 7, 6, 3], kernel: [3, 3, 1] },
  { x: [2, 7, 6, 3], kernel: [3, 3, 1], pad: 'valid' },
  { x: [1, 7, 6, 3], kernel: [3, 3, 2] },
  { x: [2, 8, 8, 8], kernel: [3, 3, 1], strides: [2, 2] },
  { x: [2, 7, 9, 4], kernel: [3, 3, 1], strides: [2, 2], pad: 'valid' },
  { x: [1, 7, 7, 1], kernel: [5, 5, 3] },
  { x: [1, 9, 8, 2], kernel: [5, 5, 1], strides: [2, 2] },
  { x: [2, 5, 5, 3], kernel: [1, 1, 2] },
  { x: [2, 6, 6, 3], kernel: [2, 2, 1] },
  { x: [2, 7, 7, 2], kernel: [4, 4, 2], strides: [2, 2] },
]

const activations: fused.Activation[] = ['linear', 'relu', 'relu6', 'elu']

const image = (shape: readonly number[]) => shape.join('x')
const words = ({ x, kernel, strides = [1, 1], pad = 'same', dilation = 1 }: Convolution) =>
  `${image(kernel)} on ${image(x)}, strides ${strides}, padding ${Array.isArray(pad) ? 'by side' : pad}${dilation > 1 ? `, dilation ${dilation}` : ''}`

/** tfjs types pairs as mutable. */
const pair = ([height, width]: Pair): [number, number] => [height, width]

function conv2d(each: Convolution, options?: { gradients: false }) {
  const { x, kernel, strides = [1, 1], pad = 'same', dilation = 1 } = each
  const [height, width, channels] = kernel
  return layer(
    `conv2d ${words(each)}`,
    { x: floats(x), kernel: floats([height, width, x[3], channels]) },
    (tf, inputs) => tf.conv2d(inputs.x, inputs.kernel, pair(strides), pad, 'NHWC', dilation),
    options,
  )
}

function depthwiseConv2d(each: Convolution, options?: { gradients: false }) {
  const { x, kernel, strides = [1, 1], pad = 'same', dilation = 1 } = each
  const [height, width, multiplier] = kernel
  return layer(
    `depthwise conv2d ${words(each)}`,
    { x: floats(x), kernel: floats([height, width, x[3], multiplier]) },
    (tf, inputs) => tf.depthwiseConv2d(inputs.x, inputs.kernel, pair(strides), pad, 'NHWC', dilation),
    options,
  )
}

export const convolution = [
  ...convolutions.map((each) => conv2d(each)),
  // tfjs has no gradient of dilated convolutions: it says so and fails on every engine.
  ...dilated.map((each) => conv2d(each, { gradients: false })),
  ...dilated.map((each) => depthwiseConv2d(each, { gradients: false })),
  ...depthwise.map((each) => depthwiseConv2d(each)),
  ...activations.flatMap((activation) => [
    layer(
      `fused conv2d with bias and ${activation}`,
      { x: floats([2, 7, 6, 3]), filter: floats([3, 3, 3, 5]), bias: floats([5]) },
      (tf, inputs) => tf.fused.conv2d({ ...inputs, strides: 1, pad: 'same', activation }),
    ),
    layer(
      `fused conv2d 1x1 with bias and ${activation}`,
      { x: floats([2, 5, 3, 4]), filter: floats([1, 1, 4, 8]), bias: floats([8]) },
      (tf, inputs) => tf.fused.conv2d({ ...inputs, strides: 1, pad: 'valid', activation }),
    ),
    layer(
      `fused depthwise conv2d with bias and ${activation}`,
      { x: floats([2, 7, 6, 3]), filter: floats([3, 3, 3, 1]), bias: floats([3]) },
      (tf, inputs) => tf.fused.depthwiseConv2d({ ...inputs, strides: 2, pad: 'same', activation }),
    ),
  ]),
  layer(
    'separable conv2d',
    { x: floats([2, 6, 7, 3]), depth: floats([3, 3, 3, 2]), point: floats([1, 1, 6, 5]) },
    (tf, { x, depth, point }) => tf.separableConv2d(x, depth, point, [1, 1], 'same'),
  ),
  layer(
    'conv2d of one image without a batch axis',
    { x: floats([6, 7, 3]), kernel: floats([3, 3, 3, 4]) },
    (tf, { x, kernel }) => tf.conv2d(x, kernel, 1, 'same'),
  ),
  layer('conv1d', { x: floats([2, 11, 3]), kernel: floats([4, 3, 5]) }, (tf, { x, kernel }) =>
    tf.conv1d(x, kernel, 2, 'same'),
  ),
  ...([1, 2] as const).map((stride) =>
    layer(
      `transposed conv2d, stride ${stride}`,
      { x: floats([2, 4, 5, 3]), kernel: floats([3, 3, 4, 3]) },
      (tf, { x, kernel }) => tf.conv2dTranspose(x, kernel, [2, 4 * stride, 5 * stride, 4], stride, 'same'),
    ),
  ),
  layer(
    'two conv2d with relu and bias between',
    { x: floats([2, 6, 6, 1]), a: floats([3, 3, 1, 4]), bias: floats([4]), b: floats([3, 3, 4, 2]) },
    (tf, { x, a, bias, b }) => tf.conv2d(tf.relu(tf.add(tf.conv2d(x, a, 1, 'same'), bias)), b, 2, 'same'),
  ),
]
