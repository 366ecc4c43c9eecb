import { z } from 'zod'
import type { Pruner } from '../study/pruner.ts'
import { bestLoss, lastStep, lossAt } from './curve.ts'
import { opensInterval } from './interval.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { count, short, shortLoss } from './words.ts'

export interface MedianOptions {
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 5, as in Optuna. */
  readonly warmupTrials?: number
  /** Steps between two looks at a trial. Default 1: it is looked at whenever it reports. */
  readonly interval?: number
  /** How many completed trials must have a value at the step. Default 1. */
  readonly minTrials?: number
}

export interface PercentileOptions extends MedianOptions {
  /** The share of the completed trials, in percent, that a trial must be among: 25, the default, keeps the best quarter. */
  readonly percentile?: number
}

const FIELDS = z.object({
  percentile: z.number().min(0).max(100).default(25),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(5),
  interval: z.number().positive().default(1),
  minTrials: z.int().positive().default(1),
})

/**
 * Stops a trial whose best report so far is worse than a percentile of what the completed trials had at the same step.
 * Without any finite report it is stopped as soon as the warm-up is over.
 * @throws DynotuneError `pruner.invalid`
 */
export function percentile(options: PercentileOptions = {}): Pruner {
  return percentileNamed('percentile', parseOptions('percentile', FIELDS, options))
}

/**
 * The median stopping rule (Golovin et al., "Google Vizier", 2017, section 3.2.2), as Optuna has it: the median is of the
 * completed trials' own reports at the step, not of their running means.
 * @throws DynotuneError `pruner.invalid`
 */
export function median(options: MedianOptions = {}): Pruner {
  return percentileNamed('median', {
    ...parseOptions('median', FIELDS.omit({ percentile: true }), options),
    percentile: 50,
  })
}

function percentileNamed(name: string, options: z.output<typeof FIELDS>): Pruner {
  const { interval, minTrials, warmupSteps } = options
  return prunerOf(name, options, ({ curve = [] }, others, { goal }) => {
    const completed = others.filter(({ state }) => state === 'complete')
    if (completed.length === 0 || !opensInterval(curve, interval, warmupSteps)) return undefined
    const step = lastStep(curve)
    const own = bestLoss(curve, goal)
    if (Number.isNaN(own)) return `None of its reports up to step ${step} is a finite number.`
    const losses = completed.map((other) => lossAt(other.curve, step, goal)).filter((loss) => !Number.isNaN(loss))
    if (losses.length < minTrials) return undefined
    const limit = quantile(losses, options.percentile / 100)
    if (!(own > limit)) return undefined
    const line = options.percentile === 50 ? 'the median' : `the best ${short(options.percentile)} %`
    return (
      `Its best up to step ${step}, ${shortLoss(goal, own)}, is worse than ${line} of ` +
      `${count(losses.length, 'completed trial')} there, ${shortLoss(goal, limit)}.`
    )
  })
}

/** The quantile of some numbers, on the straight line between the two order statistics around it. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? low
  return low + (high - low) * (place - Math.floor(place))
}
