import { z } from 'zod'
import type { Pruner } from '../study/pruner.ts'
import { bestLoss } from './curve.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { count, short, shortLoss } from './words.ts'

export interface PatienceOptions {
  /** How many reports beyond the latest may bring nothing. Default 5. */
  readonly reports?: number
  /** By how much the latest reports must have fallen behind the best before them to count as bringing nothing. Default 0. */
  readonly minDelta?: number
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 0. */
  readonly warmupTrials?: number
}

const FIELDS = z.object({
  reports: z.int().nonnegative().default(5),
  minDelta: z.number().nonnegative().default(0),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(0),
})

/**
 * Stops a trial that has ceased to improve: the best of its latest reports is worse than the best before them. It looks at
 * the trial's own curve alone, so reports are counted, not steps.
 * @throws DynotuneError `pruner.invalid`
 */
export function patience(options: PatienceOptions = {}): Pruner {
  const { reports, minDelta, ...warmUp } = parseOptions('patience', FIELDS, options)
  return prunerOf('patience', warmUp, ({ curve = [] }, _others, { goal }) => {
    const latest = curve.slice(-reports - 1)
    const before = bestLoss(curve.slice(0, -reports - 1), goal)
    const since = bestLoss(latest, goal)
    if (Number.isNaN(before) || before + minDelta >= since) return undefined
    const now = Number.isNaN(since) ? 'none of which is a finite number' : `whose best is ${shortLoss(goal, since)}`
    const margin = minDelta > 0 ? ` by more than ${short(minDelta)}` : ''
    return `It had ${shortLoss(goal, before)} before its last ${count(latest.length, 'report')}, ${now}: no better${margin}.`
  })
}
