import type { Schedule } from '../../schedules/schedule.ts'

/** A hyperparameter at a step, which counts from 0. */
export function valueAt(value: number | Schedule, step: number): number {
  return typeof value === 'number' ? value : value(step)
}
