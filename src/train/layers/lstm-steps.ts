import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/**
 * All steps of an LSTM, from zero. The gradient goes back through them by hand: what does not depend on the step after is
 * computed for all steps together, the gradient of the recurrent kernel in one product, which leaves seven operations a step
 * of the forty that tfjs would make (Appleyard et al., arXiv 1604.01946).
 * @param shares [time, rows, 4 units], what inputs and bias give to the gates: input, forget, output, cell
 * @param recurrent [units, 4 units]
 * @returns states [time, rows, units]
 */
export function lstmSteps(tf: Tf, shares: Tensor, recurrent: Tensor): Tensor {
  const [, rows = 0] = shares.shape
  const [units = 0] = recurrent.shape

  return tf.customGrad((...inputs) => {
    const save = inputs.at(-1)
    if (typeof save !== 'function') throw new DynotuneError('internal', 'tf.customGrad gave nothing to save with.')
    const opens: Tensor[] = []
    const freshes: Tensor[] = []
    const bounds: Tensor[] = []
    const states: Tensor[] = []
    /** Before each step, and after the last. */
    const cells: Tensor[] = [tf.zeros([rows, units])]
    for (const share of tf.unstack(shares)) {
      const [cell = share, state] = [cells.at(-1), states.at(-1)]
      const gates = state ? tf.add(share, tf.matMul(state, recurrent)) : share
      const open = tf.sigmoid(tf.slice(gates, [0, 0], [rows, 3 * units]))
      const [input = open, forget = open, output = open] = tf.split(open, 3, 1)
      const fresh = tf.tanh(tf.slice(gates, [0, 3 * units], [rows, units]))
      const next = tf.add(tf.mul(forget, cell), tf.mul(input, fresh))
      const bound = tf.tanh(next)
      opens.push(open)
      freshes.push(fresh)
      cells.push(next)
      bounds.push(bound)
      states.push(tf.mul(output, bound))
    }
    const value = tf.stack(states)
    save([value, recurrent, ...[opens, freshes, cells.slice(0, -1), bounds].map((each) => tf.stack(each))])
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => tf.tidy(() => backward(tf, dy, saved)) }
  })(shares, recurrent)
}

/** Gradients of the shares and of the recurrent kernel. */
function backward(tf: Tf, dy: Tensor, saved: readonly Tensor[]): Tensor[] {
  const [states = dy, recurrent = dy, opens = dy, freshes = dy, cells = dy, bounds = dy] = saved
  const [time = 0, rows = 0, units = 0] = states.shape
  const [input = dy, forget = dy, output = dy] = tf.split(opens, 3, 2)
  const [ofInput = dy, ofForget = dy, ofOutput = dy] = tf.split(tf.mul(opens, tf.sub(1, opens)), 3, 2)
  const ofFresh = tf.sub(1, tf.square(freshes))
  // What the gradients of memory and state are multiplied by to give those of the gates, and that of memory by state.
  const products = [tf.mul(freshes, ofInput), tf.mul(cells, ofForget), tf.mul(bounds, ofOutput), tf.mul(input, ofFresh)]
  const factors = tf.unstack(tf.concat(products, 2))
  const throughs = tf.unstack(tf.mul(output, tf.sub(1, tf.square(bounds))))
  const [forgets, dys] = [tf.unstack(forget), tf.unstack(dy)]

  const gates: Tensor[] = []
  let ofCell: Tensor | undefined
  for (let step = time - 1; step >= 0; step--) {
    const [own = dy, through = dy, factor = dy, kept = dy] = [
      dys[step],
      throughs[step],
      factors[step],
      forgets[step + 1],
    ]
    const after = gates[0]
    const ofState = after ? tf.add(own, tf.matMul(after, recurrent, false, true)) : own
    const direct = tf.mul(ofState, through)
    ofCell = ofCell ? tf.add(direct, tf.mul(ofCell, kept)) : direct
    gates.unshift(tf.mul(tf.concat([ofCell, ofCell, ofState, ofCell], 1), factor))
  }
  const ofShares = tf.stack(gates)
  if (time === 1) return [ofShares, tf.zerosLike(recurrent)]
  const count = (time - 1) * rows
  const before = tf.reshape(tf.slice(states, [0, 0, 0], [time - 1, rows, units]), [count, units])
  const after = tf.reshape(tf.slice(ofShares, [1, 0, 0], [time - 1, rows, 4 * units]), [count, 4 * units])
  return [ofShares, tf.matMul(before, after, true, false)]
}
