import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { floats } from '../draw.ts'
import { layer } from '../layer-case.ts'
import { fromInputs, lstm, type RecurrentWeights } from '../lstm.ts'

/** Cho et al. 2014, reset before the product; gates in the order update, reset, candidate. */
function gru(tf: Tf, x: Tensor, weights: RecurrentWeights): Tensor[] {
  const units = weights.recurrent.shape[0]
  const [forGates, forCandidate] = tf.split(weights.recurrent, [2 * units, units], 1)
  if (!forGates || !forCandidate) throw new Error('unreachable')
  let h: Tensor = tf.zeros([x.shape[0] ?? 0, units])
  return fromInputs(tf, x, weights).map((fromInput) => {
    const [forZ, forR, forN] = tf.split(fromInput, 3, 1)
    const [z, r] = tf.split(tf.matMul(h, forGates), 2, 1)
    if (!forZ || !forR || !forN || !z || !r) throw new Error('unreachable')
    const [update, reset] = [tf.sigmoid(tf.add(forZ, z)), tf.sigmoid(tf.add(forR, r))]
    const candidate = tf.tanh(tf.add(forN, tf.matMul(tf.mul(reset, h), forCandidate)))
    h = tf.add(tf.mul(update, h), tf.mul(tf.sub(1, update), candidate))
    return h
  })
}

const inputs = (gates: number, batch: number, time: number, features: number, units: number) => ({
  x: floats([batch, time, features]),
  kernel: floats([features, gates * units]),
  recurrent: floats([units, gates * units]),
  bias: floats([gates * units]),
})

export const recurrent = [
  layer('LSTM, all steps', inputs(4, 3, 4, 5, 6), (tf, { x, ...weights }) => tf.stack(lstm(tf, x, weights), 1)),
  layer('LSTM, the last step', inputs(4, 2, 6, 3, 4), (tf, { x, ...weights }) =>
    tf.reshape(tf.slice(tf.stack(lstm(tf, x, weights)), [5, 0, 0], [1, -1, -1]), [2, 4]),
  ),
  layer('LSTM, one row', inputs(4, 1, 3, 2, 3), (tf, { x, ...weights }) => tf.concat(lstm(tf, x, weights), 1)),
  layer('GRU, all steps', inputs(3, 3, 4, 5, 6), (tf, { x, ...weights }) => tf.stack(gru(tf, x, weights), 1)),
  layer('GRU, one row', inputs(3, 1, 3, 2, 3), (tf, { x, ...weights }) => tf.concat(gru(tf, x, weights), 1)),
  layer(
    'the LSTM cell of tfjs',
    { x: floats([2, 3]), kernel: floats([7, 16]), bias: floats([16]), c: floats([2, 4]), h: floats([2, 4]) },
    (tf, { x, kernel, bias, c, h }) => tf.concat(tf.basicLSTMCell(1, kernel, bias, x, c, h), 1),
  ),
]
