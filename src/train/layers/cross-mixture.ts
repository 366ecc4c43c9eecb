import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { CrossLayer } from './cross.ts'
import { lecunNormal, normalInit } from './initializers.ts'
import { bias, kernel } from './parameters.ts'

/**
 * DCN-Mix: Σₖ softmax(x gate)ₖ x₀ ⊙ (tanh(tanh(x Vₖ) Cₖ) Uₖ + bₖ) + x. Wang et al., WWW 2021.
 * The experts lie side by side, so that they are one product: v [width, experts · rank], c [experts, rank, rank],
 * u [experts · rank, width], bias [experts, width], gate [width, experts].
 */
export function crossMixture(experts: number, rank: number): CrossLayer {
  // Each expert begins as it would alone.
  const ofRank = normalInit(1 / Math.sqrt(rank))
  return {
    parameters: (name, width) => [
      kernel(`${name}/v`, [width, experts * rank], lecunNormal),
      kernel(`${name}/c`, [experts, rank, rank], ofRank),
      kernel(`${name}/u`, [experts * rank, width], ofRank),
      bias(`${name}/bias`, [experts, width]),
      kernel(`${name}/gate`, [width, experts], lecunNormal),
    ],
    apply(forward, name, x0, x) {
      const { tf, parameter } = forward
      const gates = tf.softmax(tf.matMul(x, parameter(`${name}/gate`)))
      // What goes into U is weighed, which is narrower than what comes out; the product then sums over the experts.
      const gated = tf.mul(hiddenOf(forward, name, x, experts, rank), tf.expandDims(gates, 2))
      const mixed = tf.matMul(tf.reshape(gated, [-1, experts * rank]), parameter(`${name}/u`))
      return tf.add(tf.mul(x0, tf.add(mixed, tf.matMul(gates, parameter(`${name}/bias`)))), x)
    },
  }
}

/** tanh(tanh(x V) C) of every expert: [rows, experts, rank]. */
function hiddenOf(
  { tf, parameter }: Pick<Forward, 'tf' | 'parameter'>,
  name: string,
  x: Tensor,
  experts: number,
  rank: number,
): Tensor {
  const projected = tf.reshape(tf.tanh(tf.matMul(x, parameter(`${name}/v`))), [-1, experts, rank])
  const byExpert = tf.matMul(tf.transpose(projected, [1, 0, 2]), parameter(`${name}/c`))
  return tf.tanh(tf.transpose(byExpert, [1, 0, 2]))
}
