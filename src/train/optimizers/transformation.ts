import type { Expression } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'

/** One expression for each parameter of the model, in its order and of its shape. */
export type Expressions = readonly Expression[]

/**
 * A gradient transformation, after Optax: turns gradients into updates, which are added to the parameters. An optimizer
 * is a transformation whose updates go downhill; `chain` composes them.
 *
 * Written in expressions (`engine/fusion`), so that a whole chain, and the addition to the parameters, becomes one pass
 * over memory on engines that can; pure, so nothing is written in place or disposed. `applyGradients` runs it on tensors.
 */
export interface Transformation<S extends Tree = Tree> {
  /** The state before the first step. */
  init(params: Expressions): S
  update(gradients: Expressions, state: S, params: Expressions): Update<S>
}

export interface Update<S extends Tree = Tree> {
  readonly updates: Expression[]
  readonly state: S
}

/** `f` of the expressions of two lists, pair by pair. */
export function zip(
  first: Expressions,
  second: Expressions,
  f: (a: Expression, b: Expression) => Expression,
): Expression[] {
  return first.flatMap((a, i) => {
    const b = second[i]
    return b ? [f(a, b)] : []
  })
}
