import { checkName, checkNumber, checkWhole } from './check.ts'
import { piecewiseSchedule } from './piecewise.ts'
import type { Schedule } from './schedule.ts'

export interface OneCycleConfig {
  /** Steps of the whole cycle. */
  readonly steps: number
  /** The part of the steps that rises, in [0, 1], at most 0.5 with `threePhase`. Default 0.3. */
  readonly rise?: number
  /** Default `cosine`. */
  readonly anneal?: 'cosine' | 'linear'
  /** Value at the first step. Default 1/25. */
  readonly start?: number
  /** Value at the last step, and after it. Default start / 10,000. */
  readonly end?: number
  /** Whether it falls to `start` as fast as it rose, then to `end`, as in the paper; else at once. Default false. */
  readonly threePhase?: boolean
}

/**
 * From `start` up to 1 and down to `end`. OneCycleLR of PyTorch, whose rate is `scaled(maxLr, …)`, div_factor 1 / start,
 * final_div_factor start / end; its momentum is `between(maximum, base, oneCycle({ …, start: 0, end: 0 }))`.
 * Smith and Topin, arXiv 1708.07120.
 */
export function oneCycle(config: OneCycleConfig): Schedule {
  const { steps, rise = 0.3, anneal = 'cosine', start = 1 / 25, end = start / 1e4, threePhase = false } = config
  checkWhole('oneCycle.steps', steps, 1)
  checkNumber('oneCycle.rise', rise, 0, threePhase ? 0.5 : 1)
  checkName('oneCycle.anneal', anneal, ['cosine', 'linear'])
  checkNumber('oneCycle.start', start)
  checkNumber('oneCycle.end', end)
  const top = Math.max(0, rise * steps - 1)
  return piecewiseSchedule([
    { step: 0, value: start },
    { step: top, value: 1, ease: anneal },
    ...(threePhase ? [{ step: 2 * top, value: start, ease: anneal }] : []),
    { step: steps - 1, value: end, ease: anneal },
  ])
}
