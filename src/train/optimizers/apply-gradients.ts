import type { Tensor } from '@tensorflow/tfjs-core'
import { add, leaf } from '../../engine/fusion/expression.ts'
import { realize, type Tree, tensorsIn } from '../../engine/fusion/realize.ts'
import type { Tf } from '../../study/engine.ts'
import { type Transformation, zip } from './transformation.ts'

/** Parameters with the state of their optimizer. The tensors in both belong to the caller: `disposeOptimized`. */
export interface Optimized {
  readonly params: readonly Tensor[]
  readonly state: Tree
}

/** Begins to optimize these parameters, which are taken as they are. */
export function startOptimizer(tf: Tf, optimizer: Transformation, params: readonly Tensor[]): Optimized {
  return { params, state: realize(tf, optimizer.init(params.map(leaf))) }
}

/**
 * One step: the parameters and the state after it, computed together. Disposes nothing; `disposeReplaced` does.
 * @param gradients one for each parameter, of its shape
 */
export function applyGradients(
  tf: Tf,
  optimizer: Transformation,
  { params, state }: Optimized,
  gradients: readonly Tensor[],
): Optimized {
  const before = params.map(leaf)
  const { updates, state: after } = optimizer.update(gradients.map(leaf), state, before)
  const next = realize(tf, { params: zip(before, updates, add), state: after })
  return { params: tensorsIn(next.params), state: next.state }
}

/** Disposes what one step replaced: the tensors of `previous` that `next` does not hold as well. */
export function disposeReplaced(previous: Optimized, next?: Optimized): void {
  const kept = new Set(next ? tensorsOf(next) : [])
  for (const tensor of tensorsOf(previous)) if (!kept.has(tensor)) tensor.dispose()
}

function tensorsOf({ params, state }: Optimized): Tensor[] {
  return [...params, ...tensorsIn(state)]
}
