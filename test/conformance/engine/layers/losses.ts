import { softmaxCrossEntropy } from '../../../../src/train/tasks/classification.ts'
import { floats, given, ints, positive } from '../draw.ts'
import { layer } from '../layer-case.ts'

const logits = floats([6, 5])
/** One-hot rows of five. */
const hot = (...classes: readonly number[]) =>
  floats([classes.length, 5], given(...classes.flatMap((label) => [0, 1, 2, 3, 4].map((i) => (i === label ? 1 : 0)))))
const extreme = floats([2, 5], given(1e4, -1e4, 0, 1, 2, 80, 90, 100, -100, 3))

export const losses = [
  layer('softmax', { x: floats([4, 7]) }, (tf, { x }) => tf.softmax(x)),
  layer('softmax of rank 4', { x: floats([2, 3, 2, 5]) }, (tf, { x }) => tf.softmax(x)),
  layer('softmax of many', { x: floats([3, 1001]) }, (tf, { x }) => tf.softmax(x)),
  layer('softmax of extreme logits', { x: extreme }, (tf, { x }) => tf.softmax(x)),
  layer('log softmax', { x: floats([4, 7]) }, (tf, { x }) => tf.logSoftmax(x)),
  layer('log softmax of extreme logits', { x: extreme }, (tf, { x }) => tf.logSoftmax(x)),
  layer('log of a sum of exponentials', { x: floats([4, 7]) }, (tf, { x }) => tf.logSumExp(x, 1)),
  layer('softmax cross-entropy of labels', { logits, labels: ints([6], 5) }, (tf, x) =>
    softmaxCrossEntropy(tf, x.logits, x.labels),
  ),
  // tfjs differentiates by the logits alone.
  layer('softmax cross-entropy of one-hot rows', { logits, labels: ints([6], 5) }, (tf, x) =>
    tf.losses.softmaxCrossEntropy(tf.cast(tf.oneHot(x.labels, 5), 'float32'), x.logits),
  ),
  layer('softmax cross-entropy with smoothing', { logits, labels: ints([6], 5) }, (tf, x) =>
    tf.losses.softmaxCrossEntropy(tf.cast(tf.oneHot(x.labels, 5), 'float32'), x.logits, undefined, 0.1),
  ),
  layer('sigmoid', { x: floats([4, 7]) }, (tf, { x }) => tf.sigmoid(x)),
  layer('sigmoid of extreme logits', { x: extreme }, (tf, { x }) => tf.sigmoid(x)),
  layer('log sigmoid', { x: floats([4, 7]) }, (tf, { x }) => tf.logSigmoid(x)),
  layer('sigmoid cross-entropy', { logits, labels: hot(1, 0, 4, 2, 2, 3) }, (tf, x) =>
    tf.losses.sigmoidCrossEntropy(x.labels, x.logits),
  ),
  layer('sigmoid cross-entropy of extreme logits', { logits: extreme, labels: hot(1, 3) }, (tf, x) =>
    tf.losses.sigmoidCrossEntropy(x.labels, x.logits),
  ),
  layer('mean squared error', { x: floats([6, 3]), y: floats([6, 3]) }, (tf, { x, y }) =>
    tf.losses.meanSquaredError(y, x),
  ),
  layer('mean absolute error', { x: floats([6, 3]), y: floats([6, 3]) }, (tf, { x, y }) =>
    tf.losses.absoluteDifference(y, x),
  ),
  layer('Huber loss', { x: floats([6, 3]), y: floats([6, 3]) }, (tf, { x, y }) => tf.losses.huberLoss(y, x)),
  layer('log loss', { x: floats([6, 3], positive), y: floats([6, 3], positive) }, (tf, { x, y }) =>
    tf.losses.logLoss(tf.mul(y, 0.5), tf.mul(x, 0.5)),
  ),
  layer('hinge loss', { x: floats([6, 3]), y: ints([6, 3], 2) }, (tf, { x, y }) =>
    tf.losses.hingeLoss(tf.cast(y, 'float32'), x),
  ),
]
