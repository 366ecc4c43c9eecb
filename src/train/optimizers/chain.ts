import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import type { Transformation } from './transformation.ts'

/** Transformations one after the other: the updates of each are the gradients of the next. */
export function chain(...transformations: readonly Transformation[]): Transformation<TensorContainer[]> {
  return {
    init: (tf, params) => transformations.map((each) => each.init(tf, params)),
    update(tf, gradients, state, params) {
      let updates: Tensor[] = [...gradients]
      const next = transformations.map((each, i) => {
        const result = each.update(tf, updates, state[i], params)
        updates = result.updates
        return result.state
      })
      return { updates, state: next }
    },
  }
}
