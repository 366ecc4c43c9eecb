import { choice, fixed } from '../../space/domain.ts'
import type { Params } from '../../space/params.ts'

/**
 * A choice between learning rate schedules: `schedule: scheduleSpace()`. `scheduleFrom` makes a schedule of what a trial gets.
 * `warmup` and `decay` are shares of the steps, `end` of the rate. The cosine is that of AlgoPerf's NAdamW, the linear decay
 * that of its momentum (Dahl et al., arXiv 2306.07179).
 */
export function scheduleSpace() {
  return choice({
    constant: {},
    linear: { warmup: fixed(0.05), decay: fixed(0.9), end: choice([1e-3, 1e-2]) },
    cosine: { warmup: fixed(0.05) },
  })
}

/** What a trial gets of a `scheduleSpace`. */
export type ScheduleParams = Params<{ schedule: ReturnType<typeof scheduleSpace> }>['schedule']
