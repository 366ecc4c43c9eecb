import { dropout } from '../../../../src/train/layers/dropout.ts'
import { floats, positive } from '../draw.ts'
import { normalized } from '../functions.ts'
import { layer } from '../layer-case.ts'

export const normalization = [
  layer(
    'batch norm of rows',
    { x: floats([9, 5]), gamma: floats([5], positive), beta: floats([5]) },
    (tf, { x, gamma, beta }) => normalized(tf, x, [0], gamma, beta),
  ),
  layer(
    'batch norm of images',
    { x: floats([3, 4, 5, 6]), gamma: floats([6], positive), beta: floats([6]) },
    (tf, { x, gamma, beta }) => normalized(tf, x, [0, 1, 2], gamma, beta),
  ),
  layer(
    'batch norm of images, the operation of tfjs on moments of the batch',
    { x: floats([3, 4, 5, 3]), gamma: floats([3], positive), beta: floats([3]) },
    (tf, { x, gamma, beta }) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2])
      return tf.batchNorm(x, tf.reshape(mean, [3]), tf.reshape(variance, [3]), beta, gamma, 1e-3)
    },
  ),
  layer(
    'batch norm by given moments',
    {
      x: floats([2, 3, 5, 4]),
      mean: floats([4]),
      variance: floats([4], positive),
      beta: floats([4]),
      gamma: floats([4], positive),
    },
    (tf, { x, mean, variance, beta, gamma }) => tf.batchNorm(x, mean, variance, beta, gamma, 1e-3),
  ),
  layer(
    'batch norm by given moments, neither scaled nor shifted',
    { x: floats([7, 3]), mean: floats([3]), variance: floats([3], positive) },
    (tf, { x, mean, variance }) => tf.batchNorm(x, mean, variance),
    // The gradient of tfjs 4.22 wants scale and offset: without, it fails on every engine.
    { gradients: false },
  ),
  layer(
    'layer norm',
    { x: floats([4, 3, 10]), gamma: floats([10], positive), beta: floats([10]) },
    (tf, { x, gamma, beta }) => normalized(tf, x, [-1], gamma, beta),
  ),
  layer(
    'layer norm of one row',
    { x: floats([1, 7]), gamma: floats([7], positive), beta: floats([7]) },
    (tf, { x, gamma, beta }) => normalized(tf, x, [-1], gamma, beta),
  ),
  layer(
    'instance norm',
    { x: floats([2, 5, 4, 3]), gamma: floats([3], positive), beta: floats([3]) },
    (tf, { x, gamma, beta }) => normalized(tf, x, [1, 2], gamma, beta),
  ),
  layer('rows scaled to length 1', { x: floats([5, 7]) }, (tf, { x }) => tf.div(x, tf.norm(x, 'euclidean', 1, true))),
  layer('dropout', { x: floats([6, 9]) }, (tf, { x }, random) => dropout({ tf, random }, x, 0.4)),
  layer('dropout at rate 0', { x: floats([3, 4]) }, (tf, { x }, random) => tf.mul(dropout({ tf, random }, x, 0), 2)),
]
