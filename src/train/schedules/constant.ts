import { checkNumber, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface ConstantConfig {
  /** Default 1/3. */
  readonly factor?: number
  /** How long it holds. Default 5. */
  readonly steps?: number
}

/** `factor` for some steps, then 1. ConstantLR of PyTorch and OneFlow. */
export function constantSchedule({ factor = 1 / 3, steps = 5 }: ConstantConfig = {}): Schedule {
  checkNumber('constantSchedule.factor', factor, 0)
  checkWhole('constantSchedule.steps', steps, 0)
  return lambdaSchedule((step) => (step < steps ? factor : 1))
}
