import { z } from 'zod'
import type { Pruner } from '../study/pruner.ts'
import { longest } from './curve.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { fallsAtRung } from './rungs.ts'

export interface SuccessiveHalvingOptions {
  /** r: the step of the first rung. Default: R / η³, where R is the length of the longest completed curve. */
  readonly minSteps?: number
  /** η: one in so many goes on at each rung, and each rung is so many times as far as the one before it. Default 3. */
  readonly reductionFactor?: number
  /** s: how many rungs are left out at the beginning. Default 0. */
  readonly minEarlyStoppingRate?: number
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 5, lest the first few be judged by one another alone. */
  readonly warmupTrials?: number
}

/**
 * Before the end: trials are first looked at after a 27th of the training. In bench/pruners.ts the paper's η = 4, from a 64th
 * on, trained a third fewer steps, but lost the best of a random half of the trials in 5 % of the orders, η = 3 in none.
 */
const RUNGS = 3

const FIELDS = z.object({
  minSteps: z.number().positive().optional(),
  reductionFactor: z.number().gt(1).default(3),
  minEarlyStoppingRate: z.int().nonnegative().default(0),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(5),
})

/**
 * Asynchronous successive halving (Li et al., arXiv 1810.05934, algorithm 2) for trials that cannot be paused: whether one
 * goes on from a rung is decided when it comes there, by the trials that have come there before.
 * @throws DynotuneError `pruner.invalid`
 */
export function successiveHalving(options: SuccessiveHalvingOptions = {}): Pruner {
  const { minSteps, reductionFactor, minEarlyStoppingRate, ...warmUp } = parseOptions(
    'successiveHalving',
    FIELDS,
    options,
  )
  return prunerOf('successiveHalving', warmUp, (trial, others, { goal }) => {
    const factor = reductionFactor
    const end = longest(others)
    const first = minSteps ?? end * factor ** -RUNGS
    if (!(first > 0)) return undefined
    return fallsAtRung(trial, others, goal, { first: first * factor ** minEarlyStoppingRate, factor, end })
  })
}
