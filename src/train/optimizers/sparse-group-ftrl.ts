import type { Expression } from '../../engine/fusion/expression.ts'
import { adagrad } from './adagrad.ts'
import { checkRange } from './parts/check.ts'
import { type GroupAdagradConfig, groupAdagrad } from './parts/group-adagrad.ts'
import { isTable, shrinkRows } from './parts/group-shrink.ts'
import type { Transformation } from './transformation.ts'
import { partition } from './transformations/partition.ts'

export interface SparseGroupFtrlConfig extends GroupAdagradConfig {
  /** Of λ₁‖w‖₁. Default 0. */
  readonly l1?: number
  /** Of λ₂‖w‖₂², without the ½ that `ftrl` has. Default 0. */
  readonly l2?: number
  /** Of λ₂₁ Σ √d ‖row‖₂ over the rows of tables, of width d. Default 0. */
  readonly l21?: number
}

/**
 * FTRL with a sparse group lasso, Ni et al., CIKM 2019 (DOI 10.1145/3357384.3358114): a row of an embedding table is a
 * group, and exactly 0 as a whole while what speaks for it is weaker than λ₂₁ √d; λ₁ thins out the rows that stay.
 *
 * Parameters of other roles have no penalty and keep their beginning: AdaGrad with the same α, β and initial accumulator.
 * @throws DynotuneError `optimizer.invalid`
 */
export function sparseGroupFtrl({ l1 = 0, l2 = 0, l21 = 0, ...config }: SparseGroupFtrlConfig): Transformation {
  checkRange('sparseGroupFtrl.l21', l21, '[0, ∞)')
  const { learningRate, beta: epsilon = 1, initialAccumulator = 0 } = config
  const shrink = (pull: Expression) => shrinkRows(pull, l21)
  return partition((param) => (isTable(param) ? 'tables' : 'others'), {
    tables: groupAdagrad('sparseGroupFtrl', config, { l1, l2: 2 * l2, shrink }),
    others: adagrad({ learningRate, epsilon, initialAccumulator }),
  })
}
