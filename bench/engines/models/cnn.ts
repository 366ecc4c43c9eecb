import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'
import { softmaxCrossEntropy } from '../../../src/train/tasks/classification.ts'
import { dense } from './dense.ts'
import { inTurn, type Model } from './model.ts'
import { constant, integers, layer, normals } from './values.ts'

const CHANNELS = [1, 75, 50, 25] as const
/** Width and height before each convolution; pooling halves them and rounds up. */
const SIDES = [28, 14, 7] as const
const HIDDEN = 512
const CLASSES = 25
const EPSILON = 1e-5

/**
 * A classifier of images [28, 28, 1]: three blocks of 3x3 convolution, batch norm, ReLU and pooling, then two dense layers;
 * dropout after the second block and after the hidden layer. Batch norm keeps no running statistics: nobody evaluates it.
 */
export const cnn: Model = {
  flops: 2 * (784 * 9 * 75 + 196 * 9 * 75 * 50 + 49 * 9 * 50 * 25 + 400 * HIDDEN + HIDDEN * CLASSES),
  dropouts: [
    { rate: 0.2, units: 7 * 7 * 50 },
    { rate: 0.3, units: HIDDEN },
  ],
  init: (random) => [
    ...CHANNELS.slice(1).flatMap((channels, i) => [
      ...layer(random, [3, 3, CHANNELS[i] ?? 0, channels]),
      constant(channels, 1),
      constant(channels, 0),
    ]),
    ...layer(random, [4 * 4 * 25, HIDDEN]),
    ...layer(random, [HIDDEN, CLASSES]),
  ],
  examples: (rows, random) => ({
    inputs: normals([rows, 28, 28, 1], random),
    targets: integers([rows], CLASSES, random),
  }),
  loss(tf, params, { inputs, targets, masks }) {
    const next = inTurn(params)
    const mask = inTurn(masks)
    const [side] = SIDES
    let x = inputs.as4D(-1, side, side, 1)
    x = block(tf, x, next)
    x = block(tf, x, next)
    x = tf.mul(x, mask().reshape(x.shape))
    x = block(tf, x, next)
    const h = tf.relu(dense(tf, x.as2D(-1, 4 * 4 * 25), next))
    const logits = dense(tf, tf.mul(h, mask()), next)
    return softmaxCrossEntropy(tf, logits.as2D(-1, CLASSES), targets.as1D())
  },
}

function block(tf: Tf, x: Tensor4D, next: () => Tensor): Tensor4D {
  const [filter, bias, scale, offset] = [next(), next(), next().as1D(), next().as1D()]
  const convolved = tf.add<Tensor4D>(tf.conv2d(x, toFilter(filter), 1, 'same'), bias)
  const { mean, variance } = tf.moments(convolved, [0, 1, 2])
  const normed = tf.batchNorm4d(convolved, mean.as1D(), variance.as1D(), offset, scale, EPSILON)
  return tf.maxPool(tf.relu(normed), 2, 2, 'same')
}

function toFilter(tensor: Tensor): Tensor4D {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = tensor.shape
  return tensor.as4D(height, width, inputs, outputs)
}
