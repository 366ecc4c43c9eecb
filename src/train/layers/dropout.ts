import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'

/**
 * Inverted dropout: each unit is zeroed with probability `rate` and the others are divided by 1 - rate, so that the
 * expectation stays and nothing is left to do at evaluation. Srivastava et al., JMLR 15 (2014), 1929-1958.
 * The mask is drawn from the stream, so that a trial repeats exactly, and on any engine. Drawn are the gaps between zeroed
 * units, which are geometric: one number for each of them rather than one for each unit.
 * @param rate in [0, 1)
 */
export function dropout({ tf, random }: Pick<Forward, 'tf' | 'random'>, x: Tensor, rate: number): Tensor {
  if (rate === 0 || !random) return x
  const mask = new Float32Array(x.size).fill(1 / (1 - rate))
  const gap = () => Math.floor(Math.log(1 - random.next()) / Math.log(1 - rate))
  for (let i = gap(); i < mask.length; i += 1 + gap()) mask[i] = 0
  return tf.mul(x, tf.tensor(mask, x.shape))
}
