import type { Tensor } from '@tensorflow/tfjs-core'
import { add, type Expression, leaf } from '../../engine/fusion/expression.ts'
import { realize, tensorsIn } from '../../engine/fusion/realize.ts'
import type { Tf } from '../../study/engine.ts'
import type { ParameterInfo } from '../parameter.ts'
import type { Optimized } from './optimized.ts'
import { putTableRows, type TouchedTables, tablesOfState, takeTableRows } from './table-rows.ts'
import { type Param, type Transformation, valuesOf, zip } from './transformation.ts'

/**
 * Begins to optimize these parameters, which are taken as they are.
 * @param about what they are; by default those with fewer than two axes are biases and the others kernels
 */
export function startOptimizer(
  tf: Tf,
  optimizer: Transformation,
  params: readonly Tensor[],
  about: readonly ParameterInfo[] = params.map(describe),
): Optimized {
  const state = realize(tf, optimizer.init(paramsOf(about, params)))
  return { about, params, state, tables: tablesOfState(optimizer, about) }
}

export interface StepOptions {
  /** Tables of which only some rows change: those are written in place. */
  readonly touched?: TouchedTables
  /**
   * Whether nobody reads what was before the step any more, as is so of touched tables anyway: then what comes after may take
   * its memory, which halves the time of some steps. Default false.
   */
  readonly isSpent?: boolean
}

/**
 * One step: the parameters and the state after it, computed together. Disposes nothing; `disposeReplaced` does.
 * @param gradients one for each parameter, of its shape; of a touched table one for each touched row
 */
export function applyGradients(
  tf: Tf,
  optimizer: Transformation,
  optimized: Optimized,
  gradients: readonly Tensor[],
  { touched = new Map(), isSpent = false }: StepOptions = {},
): Optimized {
  if (touched.size === 0) return updateAll(tf, optimizer, optimized, gradients, isSpent)
  const rows = takeTableRows(tf, optimized, touched)
  const next = updateAll(tf, optimizer, rows, gradients, isSpent)
  disposeReplaced(rows, optimized, next)
  return putTableRows(tf, optimized, next, touched)
}

function updateAll(
  tf: Tf,
  optimizer: Transformation,
  before: Optimized,
  gradients: readonly Tensor[],
  isSpent: boolean,
): Optimized {
  const params = paramsOf(before.about, before.params)
  const { updates, state } = optimizer.update(gradients.map(leaf), before.state, params)
  const spent = isSpent ? tensorsOf(before) : []
  const next = realize(tf, { params: zip(valuesOf(params), updates, move), state }, spent)
  return { ...before, params: tensorsIn(next.params), state: next.state }
}

/** A parameter whose update is zero throughout stays the same tensor, at no cost. */
function move(value: Expression, update: Expression): Expression {
  return update.node.kind === 'fill' && update.node.value === 0 ? value : add(value, update)
}

/** The parameters to evaluate: new tensors where the optimizer averages, else those that are trained, as clones. */
export function averagedParams(tf: Tf, optimizer: Transformation, { about, params, state }: Optimized): Tensor[] {
  const averages = optimizer.averaged?.(state, paramsOf(about, params))
  return averages ? tensorsIn(realize(tf, averages)) : params.map((tensor) => tensor.clone())
}

/** Disposes what one step replaced: the tensors of `previous` that none of the others holds as well. */
export function disposeReplaced(previous: Optimized, ...others: readonly Optimized[]): void {
  const kept = new Set(others.flatMap(tensorsOf))
  for (const tensor of tensorsOf(previous)) if (!kept.has(tensor)) tensor.dispose()
}

function tensorsOf({ params, state }: Optimized): Tensor[] {
  return [...params, ...tensorsIn(state)]
}

function paramsOf(about: readonly ParameterInfo[], params: readonly Tensor[]): Param[] {
  return params.flatMap((tensor, i) => {
    const info = about[i]
    return info ? [{ ...info, shape: tensor.shape, value: leaf(tensor) }] : []
  })
}

function describe({ shape }: Tensor, i: number): ParameterInfo {
  return { name: String(i), role: shape.length < 2 ? 'bias' : 'kernel', shape }
}
