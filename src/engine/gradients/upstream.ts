import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'

/** The gradient with respect to an operation's first output. */
export function upstreamOf(dy: Tensor | Tensor[]): Tensor {
  const [first] = Array.isArray(dy) ? dy : [dy]
  return required(first)
}

/** A tensor that the operation has saved for its gradient. */
export function required(tensor: Tensor | undefined): Tensor {
  if (tensor) return tensor
  throw new DynotuneError('internal', 'A gradient was called without what it had asked to be saved.')
}
