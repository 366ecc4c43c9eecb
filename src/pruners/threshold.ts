import { z } from 'zod'
import type { Pruner } from '../study/pruner.ts'
import { lastStep } from './curve.ts'
import { opensInterval } from './interval.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { short } from './words.ts'

export interface ThresholdOptions {
  /** The metric must stay at this or above. Default: no limit. */
  readonly atLeast?: number
  /** The metric must stay at this or below. Default: no limit. */
  readonly atMost?: number
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 0. */
  readonly warmupTrials?: number
  /** Steps between two looks at a trial. Default 1: it is looked at whenever it reports. */
  readonly interval?: number
}

const FIELDS = z
  .object({
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    warmupSteps: steps.default(0),
    warmupTrials: trials.default(0),
    interval: z.number().positive().default(1),
  })
  .refine(({ atLeast, atMost }) => atLeast === undefined || atMost === undefined || atLeast <= atMost, {
    path: ['atLeast'],
    error: 'expected a limit not above atMost',
  })

/**
 * Stops a trial whose last report is beyond a limit, or not a finite number: without limits, one that has diverged.
 * @throws DynotuneError `pruner.invalid`
 */
export function threshold(options: ThresholdOptions = {}): Pruner {
  const { atLeast, atMost, interval, ...warmUp } = parseOptions('threshold', FIELDS, options)
  return prunerOf('threshold', warmUp, ({ curve = [] }, _others, { metric }) => {
    const value = curve.at(-1)?.value
    if (value === undefined || !opensInterval(curve, interval, warmUp.warmupSteps)) return undefined
    const what = `Its ${metric} at step ${lastStep(curve)}`
    if (atLeast !== undefined && value < atLeast) return `${what}, ${short(value)}, is below ${short(atLeast)}.`
    if (atMost !== undefined && value > atMost) return `${what}, ${short(value)}, is above ${short(atMost)}.`
    if (!Number.isFinite(value)) return `${what} is ${value}, not a finite number.`
    return undefined
  })
}
