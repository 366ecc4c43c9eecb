import { checkAscending, refuse } from './check.ts'
import { lambdaSchedule, type Schedule } from './schedule.ts'

export interface SequentialConfig {
  /** The steps at which each schedule but the first takes over, ascending. */
  readonly milestones: readonly number[]
  /**
   * Whether a schedule counts its steps from its milestone (SequentialLR of PyTorch; interval_rescaling of OneFlow), or goes
   * by the steps of the whole: for all, or for each but the first. Default true.
   */
  readonly restart?: boolean | readonly boolean[]
}

/** One schedule after the other. SequentialLR of PyTorch and OneFlow, where `restart` is false unless asked for. */
export function sequentialSchedule(schedules: readonly Schedule[], config: SequentialConfig): Schedule {
  const { milestones, restart = true } = config
  const path = 'sequentialSchedule'
  checkAscending(`${path}.milestones`, milestones)
  if (milestones.length !== schedules.length - 1)
    refuse(`${path}.milestones`, milestones, `one step for each schedule but the first: ${schedules.length - 1}`)
  if (typeof restart !== 'boolean' && restart.length !== milestones.length)
    refuse(`${path}.restart`, restart, 'true, false, or one of them for each milestone')
  return lambdaSchedule((step) => {
    const reached = milestones.findLastIndex((milestone) => milestone <= step)
    const restarts = typeof restart === 'boolean' ? restart : restart[reached]
    const start = (restarts && milestones[reached]) || 0
    return schedules[reached + 1]?.(step - start) ?? Number.NaN
  })
}
