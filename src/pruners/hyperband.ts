import { z } from 'zod'
import type { Pruner } from '../study/pruner.ts'
import { longest } from './curve.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { fallsAtRung } from './rungs.ts'

export interface HyperbandOptions {
  /** r: the step of the first rung of the first bracket. Default: R / η⁴, for the five brackets of the paper. */
  readonly minSteps?: number
  /** R: the steps of a whole training. Default: those of the longest completed curve. */
  readonly maxSteps?: number
  /** η: one in so many goes on at each rung; each is so many times as far as the one before. Default 3, as in the paper. */
  readonly reductionFactor?: number
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 5, lest the first few be judged by one another alone. */
  readonly warmupTrials?: number
}

/** Before the end, in the first bracket. With η = 3 it begins after an 81st of the training, as in the paper. */
const RUNGS = 4

const FIELDS = z.object({
  minSteps: z.number().positive().optional(),
  maxSteps: z.number().positive().optional(),
  reductionFactor: z.number().gt(1).default(3),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(5),
})

/**
 * Hyperband (Li et al., JMLR 18, 2018, algorithm 1) over asynchronous successive halving (arXiv 1810.05934, section 3.3):
 * bracket s begins with rung r ηˢ, and trials compare within their bracket. Trials are dealt by number, n₀ in a row to the
 * first bracket, n₁ to the second …, then again, where n is what algorithm 1 gives a bracket to begin with.
 * @throws DynotuneError `pruner.invalid`
 */
export function hyperband(options: HyperbandOptions = {}): Pruner {
  const { minSteps, maxSteps, reductionFactor, ...warmUp } = parseOptions('hyperband', FIELDS, options)
  return prunerOf('hyperband', warmUp, (trial, others, { goal }) => {
    const end = longest(others)
    const whole = maxSteps ?? end
    if (!(whole > 0)) return undefined
    const factor = reductionFactor
    const first = minSteps ?? whole * factor ** -RUNGS
    const sizes = bracketSizes(whole / first, factor)
    const bracket = bracketOf(trial.number, sizes)
    const rivals = others.filter(({ number }) => bracketOf(number, sizes) === bracket)
    const because = fallsAtRung(trial, rivals, goal, { first: first * factor ** bracket, factor, end })
    return because && `${because} (Bracket ${bracket + 1} of ${sizes.length}.)`
  })
}

/**
 * How many trials each bracket begins with: ⌈(s_max + 1) / (s + 1) · ηˢ⌉ for s = s_max … 0, where s_max = ⌊log_η(R / r)⌋.
 * @param ratio R / r
 */
export function bracketSizes(ratio: number, factor: number): number[] {
  // A whole power must not fall short of its exponent by rounding.
  const most = Math.max(0, Math.floor(Math.log(ratio) / Math.log(factor) + 1e-9))
  return Array.from({ length: most + 1 }, (_, bracket) => {
    const s = most - bracket
    return Math.ceil(((most + 1) / (s + 1)) * factor ** s - 1e-9)
  })
}

function bracketOf(number: number, sizes: readonly number[]): number {
  let place = number % sizes.reduce((sum, size) => sum + size, 0)
  return sizes.findIndex((size) => {
    place -= size
    return place < 0
  })
}
