import type { Estimate } from '../finding.ts'

/** The share of something that belongs to a parameter by itself, or to two of them together beyond that. */
export interface Importance<Names> {
  readonly of: Names
  /** In [0, 1], with its 95 % interval. */
  readonly share: Estimate
}
