import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** One tensor for each parameter of the model, in its order and of its shape. */
export type Tensors = readonly Tensor[]

/**
 * A gradient transformation, after Optax: turns gradients into updates, which are added to the parameters. An optimizer
 * is a transformation whose updates go downhill; `chain` composes them.
 *
 * Pure: state goes in and comes out, nothing is written in place, nothing is disposed. Callers run `update` in `tf.tidy`
 * and dispose the old state. (In place would also be wrong on wasm, where XNNPACK keeps its own copy of weights.)
 */
export interface Transformation<S extends TensorContainer = TensorContainer> {
  /** The state before the first step. */
  init(tf: Tf, params: Tensors): S
  update(tf: Tf, gradients: Tensors, state: S, params: Tensors): Update<S>
}

export interface Update<S extends TensorContainer = TensorContainer> {
  readonly updates: Tensor[]
  readonly state: S
}

/** The parameters after a step: params + updates, as new tensors. */
export function applyUpdates(tf: Tf, params: Tensors, updates: Tensors): Tensor[] {
  return mapTensors(params, updates, (param, update) => tf.add(param, update))
}

/** `f` of the tensors of two lists, pair by pair. */
export function mapTensors(first: Tensors, second: Tensors, f: (a: Tensor, b: Tensor) => Tensor): Tensor[] {
  return first.flatMap((a, i) => {
    const b = second[i]
    return b ? [f(a, b)] : []
  })
}
