import { z } from 'zod'
import { signedRankTest } from '../numerics/signed-rank.ts'
import type { Pruner } from '../study/pruner.ts'
import { ranked, type StudyView, type TrialView } from '../study/view.ts'
import { lossOf } from './curve.ts'
import { parseOptions, steps, trials } from './options.ts'
import { prunerOf } from './rule.ts'
import { count, short } from './words.ts'

export interface WilcoxonOptions {
  /** The trial is stopped when chance alone would make it look so much worse with less than this probability. Default 0.1. */
  readonly pValue?: number
  /** How many folds, at least, must have been compared. Default 2, though below 4 none can be as unlikely as 0.1. */
  readonly minFolds?: number
  /** No trial is stopped before it has come to this step. Default 0. */
  readonly warmupSteps?: number
  /** No trial is stopped before so many have completed. Default 0. */
  readonly warmupTrials?: number
}

const FIELDS = z.object({
  pValue: z.number().min(0).max(1).default(0.1),
  minFolds: z.int().positive().default(2),
  warmupSteps: steps.default(0),
  warmupTrials: trials.default(0),
})

/**
 * For trials that report one value a fold, problem or seed, its number being the step: stops a trial that is worse than the
 * best completed one on the folds that both have, by Wilcoxon's signed-rank test (Biometrics 1, 1945), one-sided. Tests are
 * repeated as folds come in, so that more good trials than `pValue` are stopped. The best so far is the one with the best mean.
 * @throws DynotuneError `pruner.invalid`
 */
export function wilcoxon(options: WilcoxonOptions = {}): Pruner {
  const { pValue, minFolds, ...warmUp } = parseOptions('wilcoxon', FIELDS, options)
  const rule = ({ curve = [] }: TrialView, others: readonly TrialView[], { goal }: StudyView) => {
    const [rival] = ranked(
      others.filter(({ state, value }) => state === 'complete' && Number.isFinite(value)),
      goal,
    )
    const theirs = new Map(rival?.curve?.map(({ step, value }) => [step, lossOf(goal, value)]))
    const behind = curve
      .map(({ step, value }) => lossOf(goal, value) - (theirs.get(step) ?? Number.NaN))
      .filter((difference) => !Number.isNaN(difference))
    if (!rival || behind.length < minFolds) return undefined
    const p = signedRankTest(behind)
    if (!(p < pValue)) return undefined
    return (
      `It is worse than trial ${rival.number}, the best, on ${behind.filter((by) => by > 0).length} of ` +
      `${count(behind.length, 'fold')}: p ${short(p)} (below ${short(pValue)}) by the signed-rank test.`
    )
  }
  return prunerOf('wilcoxon', warmUp, rule, meanLoss)
}

/** Of the folds so far; of what a trial came to when it has no curve. */
function meanLoss({ curve = [], value = Number.NaN }: TrialView, { goal }: StudyView): number {
  const losses = curve.map((point) => lossOf(goal, point.value)).filter((loss) => !Number.isNaN(loss))
  return losses.length > 0 ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : lossOf(goal, value)
}
