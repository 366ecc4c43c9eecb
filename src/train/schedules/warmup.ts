import { checkName, checkNumber, checkWhole } from './check.ts'
import { constantSchedule } from './constant.ts'
import { linearSchedule } from './linear.ts'
import type { Schedule } from './schedule.ts'
import { sequentialSchedule } from './sequential.ts'

export interface WarmupConfig {
  /** Default 5. */
  readonly steps?: number
  /** Value at step 0. Default 1/3. */
  readonly factor?: number
  /** Evenly up, or `factor` all along. Default `linear`. */
  readonly method?: 'linear' | 'constant'
  /**
   * Whether the warmup comes before the schedule, which then starts at its own step 0, and goes up to 1. Else it takes the
   * place of the schedule's first steps, and goes up to what the schedule is at the first after them. Default false.
   */
  readonly prefix?: boolean
}

/**
 * A gentle start of a schedule whose values are factors. WarmupLR of OneFlow (warmup_prefix).
 * Linear warmup and cosine to 0 over `total` steps, as AlgoPerf's baselines have it, is
 * `warmup(cosineDecay({ steps: total - steps }), { steps, factor: 0, prefix: true })`.
 */
export function warmup(schedule: Schedule, config: WarmupConfig = {}): Schedule {
  const { steps = 5, factor = 1 / 3, method = 'linear', prefix = false } = config
  checkWhole('warmup.steps', steps, 0)
  checkNumber('warmup.factor', factor, 0)
  checkName('warmup.method', method, ['linear', 'constant'])
  if (steps === 0) return schedule
  const first =
    method === 'linear'
      ? linearSchedule({ start: factor, end: prefix ? 1 : schedule(steps), steps })
      : constantSchedule({ factor, steps })
  return sequentialSchedule([first, schedule], { milestones: [steps], restart: prefix })
}
