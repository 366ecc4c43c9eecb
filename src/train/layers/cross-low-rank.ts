import type { CrossLayer } from './cross.ts'
import { lecunNormal } from './initializers.ts'
import { bias, kernel } from './parameters.ts'

/**
 * DCN-V2 with W = V U: x₀ ⊙ ((x V) U + b) + x, with v [width, rank], u [rank, width] and bias b [width].
 * Wang et al., WWW 2021. Above half the width it has more parameters than the full layer.
 */
export function crossLowRank(rank: number): CrossLayer {
  return {
    parameters: (name, width) => [
      kernel(`${name}/v`, [width, rank], lecunNormal),
      kernel(`${name}/u`, [rank, width], lecunNormal),
      bias(`${name}/bias`, [width]),
    ],
    apply({ tf, parameter }, name, x0, x) {
      const projected = tf.matMul(tf.matMul(x, parameter(`${name}/v`)), parameter(`${name}/u`))
      return tf.add(tf.mul(x0, tf.add(projected, parameter(`${name}/bias`))), x)
    },
  }
}
