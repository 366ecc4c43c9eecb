import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { required, upstreamOf } from './upstream.ts'

/**
 * The gradient with respect to an operand is again a contraction, of dy with the other operand, over the labels that the
 * operand does not have; what was summed in it alone is the same for all of its elements.
 */
export function einsumGradient(tf: Tf): GradConfig {
  return {
    kernelName: 'Einsum',
    saveAllInputs: true,
    gradFunc(dy, saved, { equation }) {
      const [inputs = '', output = ''] = String(equation).replace(/\s/g, '').split('->')
      const labels = inputs.split(',')
      const gradient = (i: number) => () => {
        const others = labels.flatMap((of, j) => (j === i ? [] : [{ of, tensor: required(saved[j]) }]))
        return contract(
          tf,
          { of: output, tensor: upstreamOf(dy) },
          others[0],
          labels[i] ?? '',
          required(saved[i]).shape,
        )
      }
      return Object.fromEntries(labels.map((_, i) => [i, gradient(i)]))
    },
  }
}

interface Labelled {
  readonly of: string
  readonly tensor: Tensor
}

/** A tensor of the given labels and shape: dy times the other operand, summed over all other labels. */
function contract(tf: Tf, dy: Labelled, other: Labelled | undefined, to: string, shape: readonly number[]): Tensor {
  const present = [...to].filter((label) => dy.of.includes(label) || other?.of.includes(label)).join('')
  const product = multiply(tf, dy, other, present)
  const spread = shape.map((length, axis) => (present.includes(to[axis] ?? '') ? length : 1))
  return tf.broadcastTo(tf.reshape(product, spread), [...shape])
}

/** tf.einsum knows no scalars, which have no labels. */
function multiply(tf: Tf, dy: Labelled, other: Labelled | undefined, to: string): Tensor {
  if (!other) return dy.of === '' ? dy.tensor : tf.einsum(`${dy.of}->${to}`, dy.tensor)
  if (dy.of === '' || other.of === '') {
    const [scalar, rest] = dy.of === '' ? [dy.tensor, other] : [other.tensor, dy]
    return tf.mul(scalar, rest.of === '' ? rest.tensor : tf.einsum(`${rest.of}->${to}`, rest.tensor))
  }
  return tf.einsum(`${dy.of},${other.of}->${to}`, dy.tensor, other.tensor)
}
