import { checkNumber, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface CosineConfig {
  /** Steps from 1 to `end`: half a period. */
  readonly steps: number
  /** Default 0. */
  readonly end?: number
}

/**
 * end + (1 - end) (1 + cos(π s / steps)) / 2, which rises again after `steps`, to 1 at twice as many.
 * CosineAnnealingLR of PyTorch and OneFlow, whose eta_min is `end` times the base rate. Loshchilov and Hutter, ICLR 2017, eq. 5.
 */
export function cosineAnnealing({ steps, end = 0 }: CosineConfig): Schedule {
  checkWhole('cosineAnnealing.steps', steps, 1)
  checkNumber('cosineAnnealing.end', end)
  return lambdaSchedule((step) => halfCosine(step / steps, end))
}

/** The same, but `end` after `steps`. CosineDecayLR of OneFlow, whose alpha is `end`. */
export function cosineDecay({ steps, end = 0 }: CosineConfig): Schedule {
  checkWhole('cosineDecay.steps', steps, 1)
  checkNumber('cosineDecay.end', end)
  return lambdaSchedule((step) => halfCosine(Math.min(1, step / steps), end))
}

function halfCosine(fraction: number, end: number): number {
  return end + ((1 - end) * (1 + Math.cos(Math.PI * fraction))) / 2
}
