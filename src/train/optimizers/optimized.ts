import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tree } from '../../engine/fusion/realize.ts'
import type { ParameterInfo } from '../parameter.ts'

/** Parameters with the state of their optimizer. The tensors in both belong to the caller: `disposeReplaced`. */
export interface Optimized {
  /** What the parameters are, in their order. */
  readonly about: readonly ParameterInfo[]
  readonly params: readonly Tensor[]
  readonly state: Tree
  /** Of each expression in the state, in order, the table whose rows it has. */
  readonly tables: readonly (number | undefined)[]
}
