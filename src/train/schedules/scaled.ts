import { checkNumber } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

/** `base` times a schedule: the rate, momentum or decay that a factor stands for. */
export function scaled(base: number, schedule: Schedule): Schedule {
  checkNumber('scaled.base', base)
  return lambdaSchedule((step) => base * schedule(step))
}

/** `from` where a schedule is 0 and `to` where it is 1: between(0.95, 0.85, …) is a momentum that falls as a rate rises. */
export function between(from: number, to: number, schedule: Schedule): Schedule {
  checkNumber('between.from', from)
  checkNumber('between.to', to)
  return lambdaSchedule((step) => from + (to - from) * schedule(step))
}
