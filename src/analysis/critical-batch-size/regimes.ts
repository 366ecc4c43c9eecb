import type { Estimate } from '../finding.ts'
import { mapEstimate } from '../map-estimate.ts'
import type { Frontier } from './fit-frontier.ts'

/** What a larger batch does, by Shallue et al. (arXiv 1811.03600): saves its share of steps, less than that, or none. */
export type Regime = 'perfect scaling' | 'diminishing returns' | 'maximal data parallelism'

export interface Regimes {
  /** The largest batch size of perfect scaling: its examples are 20 % more than the fewest. */
  readonly perfectUpTo: Estimate
  /** The smallest batch size of maximal data parallelism: its steps are 20 % more than the fewest. */
  readonly maximalFrom: Estimate
  readonly batchSizes: readonly BatchSizeRegime[]
}

export interface BatchSizeRegime {
  readonly batchSize: number
  readonly regime: Regime
  /** All those that the interval of the critical batch size allows. */
  readonly possible: readonly Regime[]
}

const REGIMES: readonly Regime[] = ['perfect scaling', 'diminishing returns', 'maximal data parallelism']

/**
 * The paper tells the regimes apart by eye. Here the border is where as much is lost as Zhang et al. (arXiv 2410.21676) allow,
 * 20 %: of examples at the one end, E = E_min (1 + B / B_crit), and of steps at the other, S = S_min (1 + B_crit / B).
 */
const LOSS = 0.2

const perfectUpTo = (critical: number) => LOSS * critical
const maximalFrom = (critical: number) => critical / LOSS

/** The regime of each batch size of a frontier's curve. */
export function regimesOf({ criticalBatch, curve }: Pick<Frontier, 'criticalBatch' | 'curve'>): Regimes {
  const indexAt = (batchSize: number, critical: number) => {
    if (batchSize <= perfectUpTo(critical)) return 0
    return batchSize < maximalFrom(critical) ? 1 : 2
  }
  return {
    perfectUpTo: mapEstimate(criticalBatch, perfectUpTo),
    maximalFrom: mapEstimate(criticalBatch, maximalFrom),
    batchSizes: curve.map(({ batchSize }) => ({
      batchSize,
      regime: REGIMES[indexAt(batchSize, criticalBatch.value)] ?? 'diminishing returns',
      possible: REGIMES.slice(indexAt(batchSize, criticalBatch.high), indexAt(batchSize, criticalBatch.low) + 1),
    })),
  }
}
