import { checkName, checkNumber, checkPositive, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

/** How high the cycle c from 0 is at step s: as the first, half as high as the one before, or lower with every step. */
const HEIGHTS = {
  triangular: () => 1,
  triangular2: (cycle: number) => 0.5 ** cycle,
  expRange: (_cycle: number, step: number, gamma: number) => gamma ** step,
}

export interface CyclicConfig {
  /** Steps upwards. Default 2000. */
  readonly up?: number
  /** Steps downwards. Default `up`. */
  readonly down?: number
  /** Value at the ends of a cycle. */
  readonly low: number
  /** Default `triangular`. */
  readonly mode?: keyof typeof HEIGHTS
  /** What every step multiplies the height with, for `expRange`. Default 1. */
  readonly gamma?: number
}

/**
 * From `low` evenly up to 1 and down again: low + (1 - low) · height of the mode · place on the way.
 * CyclicLR of PyTorch, whose rate is `scaled(maxLr, …)` with low = baseLr / maxLr; its momentum is
 * `between(maximum, base, cyclic({ …, low: 0 }))`. Smith, WACV 2017.
 */
export function cyclic({ up = 2000, down = up, low, mode = 'triangular', gamma = 1 }: CyclicConfig): Schedule {
  checkWhole('cyclic.up', up, 1)
  checkWhole('cyclic.down', down, 1)
  checkNumber('cyclic.low', low)
  checkName('cyclic.mode', mode, Object.keys(HEIGHTS))
  checkPositive('cyclic.gamma', gamma)
  const length = up + down
  return lambdaSchedule((step) => {
    const place = step % length
    const way = place <= up ? place / up : (length - place) / down
    return low + (1 - low) * HEIGHTS[mode](Math.floor(step / length), step, gamma) * way
  })
}
