import { type GroupAdagradConfig, type GroupAdagradState, groupAdagrad } from './parts/group-adagrad.ts'
import type { Transformation } from './transformation.ts'

export interface FtrlConfig extends GroupAdagradConfig {
  /** Of λ₁‖w‖₁. Default 0. */
  readonly l1?: number
  /** Of ½ λ₂‖w‖₂²; Keras and TensorFlow leave out the ½. Default 0. */
  readonly l2?: number
}

/**
 * FTRL-Proximal, McMahan et al., KDD 2013, algorithm 1: per-coordinate rates α / (β + √n), and weights that are exactly 0
 * where λ₁ says so. Agrees with `keras.optimizers.Ftrl` (β 0, initial accumulator 0.1, half the λ₂).
 *
 * For models that are linear in their weights and begin at 0: the first step draws other beginnings there, as in Keras.
 * @throws DynotuneError `optimizer.invalid`
 */
export function ftrl({ l1 = 0, l2 = 0, ...config }: FtrlConfig): Transformation<GroupAdagradState> {
  return groupAdagrad('ftrl', config, { l1, l2 })
}
