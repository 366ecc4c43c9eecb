import type { Tensor } from '@tensorflow/tfjs-core'
import { mapTensors, type Transformation } from './transformation.ts'

/**
 * Heavy-ball momentum: v ← μ v + g, u = v; with `nesterov` u = g + μ v (Sutskever et al., ICML 2013, as PyTorch has it).
 * The learning rate comes after, so that changing it does not rescale what has been gathered.
 * @param decay μ in [0, 1)
 */
export function scaleByMomentum(decay: number, nesterov = false): Transformation<Tensor[]> {
  return {
    init: (tf, params) => params.map((param) => tf.zerosLike(param)),
    update(tf, gradients, velocities) {
      const state = mapTensors(velocities, gradients, (v, g) => tf.add(tf.mul(v, decay), g))
      const updates = nesterov ? mapTensors(state, gradients, (v, g) => tf.add(tf.mul(v, decay), g)) : state
      return { updates, state }
    },
  }
}
