import type { CrossLayer } from './cross.ts'
import { lecunNormal } from './initializers.ts'
import { bias, kernel } from './parameters.ts'

/**
 * DCN: x₀ (x·w) + b + x, with kernel w [width, 1] and bias b [width]. Wang et al., ADKDD 2017, eq. 3.
 * Without bias it is the full layer of DCN-V2 with w for each column of W.
 */
export const crossVector: CrossLayer = {
  parameters: (name, width) => [kernel(`${name}/kernel`, [width, 1], lecunNormal), bias(`${name}/bias`, [width])],
  apply({ tf, parameter }, name, x0, x) {
    const crossed = tf.mul(x0, tf.matMul(x, parameter(`${name}/kernel`)))
    return tf.add(tf.add(crossed, parameter(`${name}/bias`)), x)
  },
}
