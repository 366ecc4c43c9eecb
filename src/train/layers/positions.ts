import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/**
 * The place of each token in its sequence, counted from 0 at the first that is not padding, whichever side the padding is on.
 * @param visible [rows, time], 1 for a token and 0 for padding
 * @returns int32 [rows, time]
 */
export function positions(tf: Tf, visible: Tensor): Tensor {
  return tf.cast(tf.relu(tf.sub(tf.cumsum(visible, 1), 1)), 'int32')
}

/**
 * One vector for each position, [length, width]: sines of wavelengths from 2π to 10,000·2π in even places, cosines in odd ones.
 * Vaswani et al., NeurIPS 2017, section 3.5.
 */
export function sinusoids(length: number, width: number): Float32Array {
  return Float32Array.from({ length: length * width }, (_, i) => {
    const [position, place] = [Math.floor(i / width), i % width]
    const angle = position / 10_000 ** ((place - (place % 2)) / width)
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
  })
}
