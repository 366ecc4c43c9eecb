import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'

/** A layer that crosses what came out of the layer before with the input of the whole network, x₀. Both are [rows, width]. */
export interface CrossLayer {
  parameters(name: string, width: number): Parameter[]
  apply(forward: Pick<Forward, 'tf' | 'parameter'>, name: string, x0: Tensor, x: Tensor): Tensor
}
