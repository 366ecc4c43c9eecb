import { div, max, mul } from '../../../engine/fusion/expression.ts'
import type { Tree } from '../../../engine/fusion/realize.ts'
import { norm } from '../parts/norm.ts'
import { type Transformation, zip } from '../transformation.ts'

/**
 * Updates as long as those of one transformation, in the direction of those of another, tensor by tensor: u = d ‖l‖ / ‖d‖.
 * Agarwal et al., Disentangling Adaptive Gradient Methods from Learning Rates, arXiv 2002.11803.
 */
export function graft(
  length: Transformation,
  direction: Transformation,
): Transformation<{ length: Tree; direction: Tree }> {
  return {
    init: (params) => ({ length: length.init(params), direction: direction.init(params) }),
    update(gradients, state, params) {
      const lengths = length.update(gradients, state.length, params)
      const directions = direction.update(gradients, state.direction, params)
      return {
        updates: zip(directions.updates, lengths.updates, (d, l) => mul(d, div(norm(l), max(norm(d), 1e-30)))),
        state: { length: lengths.state, direction: directions.state },
      }
    },
  }
}
