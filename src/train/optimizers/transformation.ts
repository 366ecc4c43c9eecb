import { type Expression, zerosLike } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'
import type { ParameterInfo } from '../parameter.ts'

/** One expression for each trained parameter of the model, in its order and of its shape. */
export type Expressions = readonly Expression[]

/** A trained parameter as a transformation sees it. */
export interface Param extends ParameterInfo {
  readonly value: Expression
}

/**
 * A gradient transformation, after Optax: turns gradients into updates, which are added to the parameters. An optimizer
 * is a transformation whose updates go downhill; `chain` composes them.
 *
 * Written in expressions (`engine/fusion`), so that a whole chain, and the addition to the parameters, becomes one pass
 * over memory on engines that can; pure, so nothing is written in place or disposed. `applyGradients` runs it on tensors.
 *
 * Of an embedding table a step passes only the rows that its batch touches: as parameter, as gradient, and of every
 * expression in the state that has a row for each row of the table.
 */
export interface Transformation<S extends Tree = Tree> {
  /** The state before the first step. */
  init(params: readonly Param[]): S
  update(gradients: Expressions, state: S, params: readonly Param[]): Update<S>
  /** The parameters to evaluate and to save, where they are not those that gradients are taken at: averages of them. */
  averaged?(state: S, params: readonly Param[]): Expression[]
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

/** Zeros of the parameters' shapes: how most states begin. */
export function zeros(params: readonly Param[]): Expression[] {
  return params.map(({ value }) => zerosLike(value))
}

export function valuesOf(params: readonly Param[]): Expression[] {
  return params.map(({ value }) => value)
}
