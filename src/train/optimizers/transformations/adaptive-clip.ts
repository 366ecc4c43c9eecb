import type { Tensor } from '@tensorflow/tfjs-core'
import { compute } from '../../../engine/fusion/expression.ts'
import type { Tf } from '../../../study/engine.ts'
import { checkRange } from '../parts/check.ts'
import { everyParameter, type Mask, mapWhere } from '../parts/mask.ts'
import { stepwise } from '../parts/stepwise.ts'
import type { Param, Transformation } from '../transformation.ts'

export interface AdaptiveClipConfig {
  /** Largest norm of a unit's gradient relative to that of its weights, above 0. Default 0.01. */
  readonly ratio?: number
  /** Weights' norms count as at least this, so that those that begin at zero move. Default 1e-3. */
  readonly epsilon?: number
  /** What is clipped; the paper leaves the last layer out. Default: everything. */
  readonly mask?: Mask
}

/**
 * Adaptive gradient clipping, Brock et al., ICML 2021, equation 3: of each unit g ← g min(1, ratio max(|w|, ε) / |g|).
 * A unit is what makes one output: a column of a dense kernel, a filter of a convolution; a row of an embedding; a whole
 * bias.
 */
export function clipAdaptively(config: AdaptiveClipConfig = {}): Transformation<{ step: number }> {
  const { ratio = 0.01, epsilon = 1e-3, mask = everyParameter } = config
  checkRange('clipAdaptively.ratio', ratio, '(0, ∞)')
  checkRange('clipAdaptively.epsilon', epsilon, '(0, ∞)')
  return stepwise((gradients, _step, params) =>
    mapWhere(mask, gradients, params, (g, param) =>
      compute(g.shape, [g, param.value], (tf, gradient, weights) => {
        const limit = tf.mul(tf.maximum(unitNorms(tf, param, weights), epsilon), ratio)
        return tf.mul(gradient, tf.div(limit, tf.maximum(unitNorms(tf, param, gradient), limit)))
      }),
    ),
  )
}

/** The norm of each unit, with axes of length 1 where it was summed. */
function unitNorms(tf: Tf, { role, shape }: Param, values: Tensor): Tensor {
  const axes = shape.map((_, axis) => axis)
  const inner = role === 'embedding' ? axes.slice(1) : axes.slice(0, Math.max(1, axes.length - 1))
  return tf.sqrt(tf.sum(tf.square(values), inner, true))
}
