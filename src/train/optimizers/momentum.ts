import { add, type Expression, mul, zerosLike } from '../../engine/fusion/expression.ts'
import { type Transformation, zip } from './transformation.ts'

/**
 * Heavy-ball momentum: v ← μ v + g, u = v; with `nesterov` u = g + μ v (Sutskever et al., ICML 2013, as PyTorch has it).
 * The learning rate comes after, so that changing it does not rescale what has been gathered.
 * @param decay μ in [0, 1)
 */
export function scaleByMomentum(decay: number, nesterov = false): Transformation<Expression[]> {
  const decayed = (v: Expression, g: Expression) => add(mul(v, decay), g)
  return {
    init: (params) => params.map(zerosLike),
    update(gradients, velocities) {
      const state = zip(velocities, gradients, decayed)
      return { updates: nesterov ? zip(state, gradients, decayed) : state, state }
    },
  }
}
