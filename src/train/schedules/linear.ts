import { checkNumber, checkWhole } from './check.ts'
import { piecewiseSchedule } from './piecewise.ts'
import type { Schedule } from './schedule.ts'

export interface LinearConfig {
  /** Default 1/3. */
  readonly start?: number
  /** Default 1. */
  readonly end?: number
  /** The step at which `end` is reached. Default 5. */
  readonly steps?: number
}

/**
 * start + (end - start) s / steps, then `end`. LinearLR of PyTorch and OneFlow; that of OneFlow 0.7 went on with 1 after the
 * ramp, whatever `end` was.
 */
export function linearSchedule({ start = 1 / 3, end = 1, steps = 5 }: LinearConfig = {}): Schedule {
  checkNumber('linearSchedule.start', start)
  checkNumber('linearSchedule.end', end)
  checkWhole('linearSchedule.steps', steps, 1)
  return piecewiseSchedule([
    { step: 0, value: start },
    { step: steps, value: end },
  ])
}
