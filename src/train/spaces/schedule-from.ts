import { piecewiseSchedule } from '../schedules/piecewise.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { ScheduleParams } from './schedule-space.ts'

/**
 * The schedule that a trial got of a `scheduleSpace`: factors of the learning rate.
 * @param steps of the whole training
 */
export function scheduleFrom(params: ScheduleParams, steps: number): Schedule {
  if (params.kind === 'constant') return piecewiseSchedule([{ step: 0, value: 1 }])
  const risen = params.warmup * steps
  const rise = [
    { step: 0, value: 0 },
    { step: risen, value: 1 },
  ]
  if (params.kind === 'cosine') return piecewiseSchedule([...rise, { step: steps, value: 0, ease: 'cosine' }])
  return piecewiseSchedule([...rise, { step: risen + params.decay * (steps - risen), value: params.end }])
}
