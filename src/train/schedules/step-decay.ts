import { checkAscending, checkNumber, checkWhole } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface StepDecayConfig {
  /** Steps from one decay to the next. */
  readonly every: number
  /** Default 0.1. */
  readonly factor?: number
}

export interface MultiStepDecayConfig {
  /** The steps at which it decays, ascending; one that is named twice counts twice. */
  readonly milestones: readonly number[]
  /** Default 0.1. */
  readonly factor?: number
}

/** factor^⌊s / every⌋. StepLR of PyTorch and OneFlow. */
export function stepDecay({ every, factor = 0.1 }: StepDecayConfig): Schedule {
  checkWhole('stepDecay.every', every, 1)
  checkNumber('stepDecay.factor', factor, 0)
  return lambdaSchedule((step) => factor ** Math.floor(step / every))
}

/** factor^(milestones reached). MultiStepLR of PyTorch and OneFlow. */
export function multiStepDecay({ milestones, factor = 0.1 }: MultiStepDecayConfig): Schedule {
  checkAscending('multiStepDecay.milestones', milestones)
  checkNumber('multiStepDecay.factor', factor, 0)
  return lambdaSchedule((step) => factor ** milestones.filter((milestone) => milestone <= step).length)
}
