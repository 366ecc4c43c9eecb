import { apart, floats } from '../draw.ts'
import { layer } from '../layer-case.ts'

interface Pooling {
  /** Batch, height, width, channels. */
  readonly x: readonly [number, number, number, number]
  readonly size: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number
}

const poolings: Pooling[] = [
  { x: [2, 8, 8, 3], size: 2, strides: 2, pad: 'valid' },
  { x: [2, 7, 9, 3], size: 2, strides: 2, pad: 'valid' },
  { x: [2, 7, 9, 3], size: 2, strides: 2, pad: 'same' },
  { x: [1, 7, 6, 8], size: 3, strides: 2, pad: 'same' },
  { x: [1, 7, 6, 1], size: 3, strides: 1, pad: 'same' },
  { x: [2, 7, 6, 2], size: 3, strides: 1, pad: 'valid' },
  { x: [2, 7, 6, 2], size: 3, strides: 3, pad: 1 },
  { x: [2, 7, 6, 2], size: [2, 3], strides: [1, 2], pad: 'same' },
  { x: [2, 5, 4, 3], size: [5, 4], strides: 1, pad: 'valid' },
  { x: [2, 5, 4, 3], size: 1, strides: 1, pad: 'valid' },
]

const words = ({ x, size, strides, pad }: Pooling) => `of ${size} on ${x.join('x')}, strides ${strides}, padding ${pad}`

export const pooling = [
  ...poolings.flatMap((each) => [
    layer(`max pooling ${words(each)}`, { x: floats(each.x, apart) }, (tf, { x }) =>
      tf.maxPool(x, each.size, each.strides, each.pad),
    ),
    layer(`average pooling ${words(each)}`, { x: floats(each.x) }, (tf, { x }) =>
      tf.avgPool(x, each.size, each.strides, each.pad),
    ),
  ]),
  layer('max pooling of one image without a batch axis', { x: floats([6, 5, 3], apart) }, (tf, { x }) =>
    tf.maxPool(x, 2, 2, 'same'),
  ),
  layer('global average pooling', { x: floats([3, 5, 4, 6]) }, (tf, { x }) => tf.mean(x, [1, 2])),
  layer('global max pooling', { x: floats([3, 5, 4, 6], apart) }, (tf, { x }) => tf.max(x, [1, 2])),
]
