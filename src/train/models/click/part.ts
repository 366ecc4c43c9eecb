import type { Tensor } from '@tensorflow/tfjs-core'
import type { Parameter } from '../../parameter.ts'
import type { Forward } from '../model.ts'

/** A piece of a model: its parameters and what it does with them. */
export interface Part<Input> {
  readonly parameters: readonly Parameter[]
  apply(forward: Forward, input: Input): Tensor
}
