import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import type { Weight } from '../weights.ts'

/** A classifier as a function of its parameters. */
export interface Model {
  /** Fresh weights, drawn from the stream alone: the same on every engine. */
  init(random: Random): Weight[]
  /**
   * Logits [batch, classes] of inputs [batch, width].
   * @param params tensors in the order of `init`
   * @param random given while training: what is random then, such as dropout, is drawn from it
   */
  apply(tf: Tf, params: readonly Tensor[], inputs: Tensor2D, random?: Random): Tensor2D
}
