import type { GroupAdagradConfig } from './parts/group-adagrad.ts'
import { sparseGroupFtrl } from './sparse-group-ftrl.ts'
import type { Transformation } from './transformation.ts'

export interface GroupFtrlConfig extends GroupAdagradConfig {
  /** Of λ Σ √d ‖row‖₂ over the rows of tables, of width d. */
  readonly l21: number
}

/**
 * FTRL with a group lasso alone, Ni et al., CIKM 2019: a row of an embedding table is 0 while ‖z‖₂ ≤ λ√d, and otherwise
 * α (λ√d/‖z‖₂ - 1) z / (β + √n). The case λ₁ = λ₂ = 0 of `sparseGroupFtrl`, which says what other parameters do.
 * @throws DynotuneError `optimizer.invalid`
 */
export function groupFtrl(config: GroupFtrlConfig): Transformation {
  return sparseGroupFtrl(config)
}
