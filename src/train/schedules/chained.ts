import { lambdaSchedule, type Schedule } from './schedule.ts'

/** The product of schedules, all at the same step. ChainedScheduler of PyTorch and OneFlow, for schedules that are factors. */
export function chainedSchedule(...schedules: readonly Schedule[]): Schedule {
  return lambdaSchedule((step) => schedules.reduce((product, schedule) => product * schedule(step), 1))
}
