import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { adam, dropout, type Model, mlp, sgd, type Transformation } from '../../../../src/train/index.ts'
import { attend, normalized } from '../functions.ts'
import { lstm } from '../lstm.ts'
import { smallModel } from './small-model.ts'

/** Convolutions with batch norm by the moments of the batch, max and global average pooling, dropout. */
const convolutional = smallModel(
  {
    first: [3, 3, 1, 4],
    scale1: [4],
    shift1: [4],
    second: [3, 3, 4, 8],
    scale2: [8],
    shift2: [8],
    kernel: [8, 10],
    bias: [10],
  },
  (tf, p, inputs, random) => {
    const images: Tensor4D = tf.reshape(inputs, [inputs.shape[0], 8, 8, 1])
    const block = (x: Tensor4D, kernel: Tensor4D, scale: Tensor, shift: Tensor, stride: number): Tensor4D => {
      const convolved = tf.conv2d<Tensor4D>(x, kernel, stride, 'same')
      return tf.relu(tf.reshape(normalized(tf, convolved, [0, 1, 2], scale, shift), convolved.shape))
    }
    const pooled = tf.maxPool(block(images, p.first, p.scale1, p.shift1, 1), 2, 2, 'same')
    const features: Tensor2D = tf.mean(block(pooled, p.second, p.scale2, p.shift2, 2), [1, 2])
    const kept = random ? dropout({ tf, random }, features, 0.2) : features
    return tf.add(tf.matMul(kept, p.kernel), p.bias)
  },
)

/** Depthwise separable convolution and average pooling. */
const separable = smallModel(
  { first: [3, 3, 1, 4], depth: [3, 3, 4, 1], point: [1, 1, 4, 8], kernel: [32, 10], bias: [10] },
  (tf, p, inputs) => {
    const images: Tensor4D = tf.reshape(inputs, [inputs.shape[0], 8, 8, 1])
    const convolved = tf.relu(tf.conv2d<Tensor4D>(images, p.first, 1, 'same'))
    const depthwise = tf.depthwiseConv2d(convolved, p.depth, 2, 'same')
    const mixed = tf.relu(tf.conv2d<Tensor4D>(depthwise, p.point, 1, 'same'))
    const pooled = tf.avgPool(mixed, 2, 2, 'valid')
    return tf.add(tf.matMul(tf.reshape(pooled, [inputs.shape[0], 32]), p.kernel), p.bias)
  },
)

/** DCN-V2: two cross layers beside a dense one. Wang et al., WWW 2021, eq. 1. */
const cross = smallModel(
  { w1: [64, 64], b1: [64], w2: [64, 64], b2: [64], deep: [64, 16], b3: [16], kernel: [80, 10], bias: [10] },
  (tf, p, x0) => {
    const crossed = (x: Tensor2D, w: Tensor2D, b: Tensor): Tensor2D => tf.add(tf.mul(x0, tf.add(tf.matMul(x, w), b)), x)
    const wide = crossed(crossed(x0, p.w1, p.b1), p.w2, p.b2)
    const deep: Tensor2D = tf.relu(tf.add(tf.matMul(x0, p.deep), p.b3))
    return tf.add(tf.matMul(tf.concat([wide, deep], 1), p.kernel), p.bias)
  },
)

/** An image as eight rows of pixels' shades: embedded, added up by row, read by an LSTM. */
const recurrent = smallModel(
  { table: [17, 4], kernel: [4, 32], recurrent: [8, 32], gates: [32], out: [8, 10], bias: [10] },
  (tf, p, inputs) => {
    const shades = tf.reshape(tf.cast(tf.mul(inputs, 16), 'int32'), [-1])
    const embedded = tf.sum(tf.reshape(tf.gather(p.table, shades), [inputs.shape[0], 8, 8, 4]), 2)
    const last = lstm(tf, embedded, { kernel: p.kernel, recurrent: p.recurrent, bias: p.gates }).at(-1)
    if (!last) throw new Error('unreachable')
    return tf.add(tf.matMul(last, p.out), p.bias)
  },
)

/** An image as eight tokens of eight numbers: one block of attention with layer norm and a residual, then the mean. */
const attentive = smallModel(
  {
    place: [8, 8],
    query: [8, 8],
    key: [8, 8],
    value: [8, 8],
    scale: [8],
    shift: [8],
    kernel: [8, 10],
    bias: [10],
  },
  (tf, p, inputs) => {
    const rows = inputs.shape[0]
    const x = tf.add(tf.reshape(inputs, [rows, 8, 8]), p.place)
    const heads = (kernel: Tensor2D) => split(tf, tf.matMul(tf.reshape(x, [rows * 8, 8]), kernel), rows)
    const seen = tf.transpose(attend(tf, heads(p.query), heads(p.key), heads(p.value)), [0, 2, 1, 3])
    const mixed = normalized(tf, tf.add(x, tf.reshape(seen, [rows, 8, 8])), [-1], p.scale, p.shift)
    return tf.add(tf.matMul(tf.mean(mixed, 1), p.kernel), p.bias)
  },
)

const dense = mlp({ inputs: 64, hidden: [16], classes: 10, dropout: 0.2 })
const momentum = sgd({ learningRate: 0.05, momentum: 0.9 })
const nesterov = sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })
const adamAt = (learningRate: number) => adam({ learningRate })

/** Classifiers of 8x8 digits, with optimizers and rates that let each learn something in fifty steps. */
export const trainings: readonly {
  readonly name: string
  readonly model: Model
  readonly optimizer: Transformation
}[] = [
  { name: 'dense with dropout, momentum', model: dense, optimizer: momentum },
  { name: 'convolutional, momentum', model: convolutional, optimizer: momentum },
  { name: 'depthwise separable, Adam', model: separable, optimizer: adamAt(0.02) },
  { name: 'cross layers, Adam', model: cross, optimizer: adamAt(0.005) },
  { name: 'LSTM on an embedding, Adam', model: recurrent, optimizer: adamAt(0.03) },
  { name: 'attention, Nesterov', model: attentive, optimizer: nesterov },
]

/** [rows * 8, 8] to [rows, 2 heads, 8, 4]. */
function split(tf: Tf, x: Tensor, rows: number): Tensor {
  return tf.transpose(tf.reshape(x, [rows, 8, 2, 4]), [0, 2, 1, 3])
}
