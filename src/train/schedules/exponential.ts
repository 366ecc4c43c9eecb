import { checkNumber } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface ExponentialConfig {
  /** What every step multiplies with. */
  readonly factor: number
}

/** factor^s. ExponentialLR of PyTorch and OneFlow. */
export function exponentialDecay({ factor }: ExponentialConfig): Schedule {
  checkNumber('exponentialDecay.factor', factor, 0)
  return lambdaSchedule((step) => factor ** step)
}
