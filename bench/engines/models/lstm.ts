import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../src/study/engine.ts'
import { softmaxCrossEntropy } from '../../../src/train/tasks/classification.ts'
import { dense } from './dense.ts'
import { inTurn, type Model } from './model.ts'
import { integers, layer } from './values.ts'

const VOCABULARY = 2000
const EMBEDDING = 10
const UNITS = 100
const STEPS = 20

/** Predicts a word from the 20 before it: embedding 10, LSTM 100 (with a bias each for input and state, as cuDNN), dense. */
export const lstm: Model = {
  flops: 2 * (STEPS * 4 * (EMBEDDING * UNITS + UNITS * UNITS) + UNITS * VOCABULARY),
  dropouts: [],
  init: (random) => [
    ...layer(random, [VOCABULARY, EMBEDDING], 0),
    ...layer(random, [EMBEDDING, 4 * UNITS]),
    ...layer(random, [UNITS, 4 * UNITS]),
    ...layer(random, [UNITS, VOCABULARY]),
  ],
  examples: (rows, random) => ({
    inputs: integers([rows, STEPS], VOCABULARY, random),
    targets: integers([rows], VOCABULARY, random),
  }),
  loss(tf, params, { inputs, targets }) {
    const next = inTurn(params)
    // Steps first, so that the products of all inputs are one product and each step's share of it lies in one piece.
    const words = tf.gather(next(), inputs.transpose()).as2D(-1, EMBEDDING)
    const [kernel, bias, recurrent, recurrentBias] = [next(), next(), next(), next()]
    const projected = tf.add(tf.matMul(words, kernel), tf.add(bias, recurrentBias))
    const last = run(tf, tf.unstack(projected.reshape([STEPS, -1, 4 * UNITS])), recurrent)
    return softmaxCrossEntropy(tf, dense(tf, last, next).as2D(-1, VOCABULARY), targets.as1D())
  },
}

/** The state after the last step. `inputs`: each step's share of the gates, [batch, 4 units] in the order i, f, o, g. */
function run(tf: Tf, inputs: readonly Tensor[], kernel: Tensor): Tensor {
  const rows = inputs[0]?.shape[0] ?? 0
  let cell: Tensor = tf.zeros([rows, UNITS])
  let state = cell
  for (const input of inputs) {
    const gates = tf.add(input, tf.matMul(state, kernel))
    const [i, f, o] = tf.split(tf.sigmoid(gates.slice([0, 0], [rows, 3 * UNITS])), 3, 1)
    const g = tf.tanh(gates.slice([0, 3 * UNITS], [rows, UNITS]))
    if (!i || !f || !o) throw new RangeError('There are three gates.')
    cell = tf.add(tf.mul(f, cell), tf.mul(i, g))
    state = tf.mul(o, tf.tanh(cell))
  }
  return state
}
