import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { apart, floats, ints, positive } from '../draw.ts'
import { layer } from '../layer-case.ts'

type Reduction = (tf: Tf, x: Tensor, axis: number[]) => Tensor

const reductions: Record<string, Reduction> = {
  sum: (tf, x, axis) => tf.sum(x, axis),
  mean: (tf, x, axis) => tf.mean(x, axis),
  max: (tf, x, axis) => tf.max(x, axis),
  min: (tf, x, axis) => tf.min(x, axis),
}

/** What moves numbers about. */
const moves: Record<string, (tf: Tf, x: Tensor) => Tensor> = {
  'transpose 0 2 1': (tf, x) => tf.transpose(x, [0, 2, 1]),
  'transpose 2 0 1': (tf, x) => tf.transpose(x, [2, 0, 1]),
  'transpose 1 0 2': (tf, x) => tf.transpose(x, [1, 0, 2]),
  reshape: (tf, x) => tf.mul(tf.reshape(x, [6, 10]), 2),
  slice: (tf, x) => tf.slice(x, [1, 0, 2], [2, 4, 3]),
  pad: (tf, x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
      [3, 1],
    ]),
  tile: (tf, x) => tf.tile(x, [2, 1, 3]),
  reverse: (tf, x) => tf.reverse(x, 1),
  'cumulative sum': (tf, x) => tf.cumsum(x, 2),
  'split and join': (tf, x) => tf.concat(tf.split(x, [1, 3], 1).toReversed(), 1),
  'unstack and stack': (tf, x) => tf.stack(tf.unstack(x, 1), 2),
  'broadcast to': (tf, x) => tf.broadcastTo(tf.slice(x, [0, 0, 0], [3, 1, 5]), [3, 4, 5]),
}

const integers: Record<string, (tf: Tf, x: Tensor) => Tensor> = {
  argMax: (tf, x) => tf.argMax(x, 1),
  argMin: (tf, x) => tf.argMin(x, 1),
  greater: (tf, x) => tf.greater(x, 0.1),
  'less or equal': (tf, x) => tf.lessEqual(x, 0.1),
  'equal to itself turned round': (tf, x) => tf.equal(x, tf.reverse(x, 1)),
  'cast to integers': (tf, x) => tf.cast(tf.mul(x, 10), 'int32'),
  floor: (tf, x) => tf.floor(tf.mul(x, 10)),
}

const nothing: Record<string, (tf: Tf, x: Tensor) => Tensor> = {
  add: (tf, x) => tf.add(x, 1),
  relu: (tf, x) => tf.relu(x),
  'product with a matrix': (tf, x) => tf.matMul(x, tf.ones([3, 4])),
  'sum over nothing': (tf, x) => tf.sum(x, 0),
  'sum of all': (tf, x) => tf.sum(x),
  'product over nothing': (tf, x) => tf.matMul(tf.ones([2, 0]), tf.transpose(tf.reshape(x, [3, 0]))),
  'joined with something': (tf, x) => tf.concat([x, tf.ones([2, 3])], 0),
  gather: (tf, x) => tf.gather(tf.ones([4, 3]), tf.cast(tf.reshape(x, [-1]), 'int32')),
  softmax: (tf, x) => tf.softmax(x),
  transpose: (tf, x) => tf.transpose(x),
}

export const shapes = [
  ...Object.entries(reductions).flatMap(([name, f]) =>
    [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].map((axes) =>
      layer(`${name} over ${axes}`, { x: floats([3, 4, 5], apart) }, (tf, { x }) => f(tf, x, axes)),
    ),
  ),
  layer('sum of many', { x: floats([3, 1000]) }, (tf, { x }) => tf.sum(x, 1)),
  layer('sum over many', { x: floats([1000, 3]) }, (tf, { x }) => tf.sum(x, 0)),
  layer('transpose of many', { x: floats([131, 67]) }, (tf, { x }) => tf.transpose(x)),
  layer('product over an axis', { x: floats([4, 3], positive) }, (tf, { x }) => tf.prod(x, 1)),
  ...Object.entries(moves).map(([name, f]) => layer(name, { x: floats([3, 4, 5]) }, (tf, { x }) => f(tf, x))),
  layer('sum of a list of tensors', { a: floats([3, 4]), b: floats([3, 4]), c: floats([3, 4]) }, (tf, { a, b, c }) =>
    tf.addN([a, b, c]),
  ),
  ...Object.entries(integers).map(([name, f]) =>
    layer(name, { x: floats([4, 6], apart) }, (tf, { x }) => f(tf, x), { rough: true }),
  ),
  layer('integers add up', { x: ints([4, 3], 50) }, (tf, { x }) => tf.sum(x, 0)),
  layer('integers as numbers, transposed', { x: ints([4, 3], 50) }, (tf, { x }) => tf.transpose(tf.cast(x, 'float32'))),
  layer('truth values as numbers, transposed', { x: ints([4, 3], 50) }, (tf, { x }) =>
    tf.transpose(tf.cast(tf.greater(x, 20), 'float32')),
  ),
  // The cpu engine differentiates few of them.
  ...Object.entries(nothing).map(([name, f]) =>
    layer(`of nothing: ${name}`, { x: floats([0, 3]) }, (tf, { x }) => f(tf, x), { gradients: false }),
  ),
]
