import { checkNumber, checkWhole, refuse } from './check.ts'
import { type Ease, piecewiseSchedule } from './piecewise.ts'
import type { Schedule } from './schedule.ts'

export interface TrapezoidConfig {
  /** Steps of the whole. `end` is reached after the last of them. */
  readonly steps: number
  /** Steps of the rise. Default 0. */
  readonly warmup?: number
  /** Steps of the fall. */
  readonly decay: number
  /** Value at step 0, where there is a rise. Default 0. */
  readonly start?: number
  /** Default 0. */
  readonly end?: number
  /** How it falls; `squareRoot`, 1 - √t, did best in the paper. Default `linear`. */
  readonly ease?: Ease
}

/**
 * Warmup, stable, decay: evenly up to 1, there, and down to `end`, so that one run can be branched into decays of several
 * lengths. Zhai et al., CVPR 2022; Hu et al., arXiv 2404.06395, section 4; Hägele et al., NeurIPS 2024.
 */
export function trapezoid(config: TrapezoidConfig): Schedule {
  const { steps, warmup = 0, decay, start = 0, end = 0, ease = 'linear' } = config
  checkWhole('trapezoid.steps', steps, 1)
  checkWhole('trapezoid.warmup', warmup, 0)
  checkWhole('trapezoid.decay', decay, 0)
  checkNumber('trapezoid.start', start)
  checkNumber('trapezoid.end', end)
  if (warmup + decay > steps) refuse('trapezoid.decay', decay, `at most ${steps - warmup}, what the warmup leaves`)
  return piecewiseSchedule([
    ...(warmup > 0 ? [{ step: 0, value: start }] : []),
    { step: warmup, value: 1 },
    { step: steps - decay, value: 1 },
    { step: steps, value: end, ease },
  ])
}
