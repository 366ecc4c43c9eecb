import type { Assignment } from '../../src/space/params.ts'
import type { Metrics } from '../../src/study/trial.ts'
import { type Goal, isBetter } from '../../src/study/view.ts'

/** A trial that was run. */
export interface RunTrial {
  readonly number: number
  readonly params: Assignment
  /** Undefined where there is no value, as of one that diverged. */
  readonly metrics?: Metrics
  /** Of the processor. */
  readonly seconds: number
}

/** One of the things that are compared, as it was tuned. */
export interface Choice {
  /** Parameters that are compared. */
  readonly compared: Assignment
  /** Parameters that were tuned. */
  readonly tuned: Assignment
  /** One for each seed. */
  readonly trials: readonly RunTrial[]
}

export interface ChooseOptions {
  /** The metric that decides, and its goal. */
  readonly metric: string
  readonly goal: Goal
  /** The parameters whose values are compared. */
  readonly compare: readonly string[]
  /** The parameter that numbers the seeds. All others are tuned. */
  readonly repeat: string
}

/**
 * For all that is compared the tuned values with the best mean over the seeds, where all of these have a value; what is best
 * comes first.
 */
export function choose(trials: readonly RunTrial[], { metric, goal, compare, repeat }: ChooseOptions): Choice[] {
  const meanOf = ({ trials }: Choice) => mean(trials.map(({ metrics }) => metrics?.[metric] ?? Number.NaN))
  const best = new Map<string, Choice>()
  const settings = Map.groupBy(trials, ({ params }) => JSON.stringify({ ...params, [repeat]: undefined }))
  for (const group of settings.values()) {
    const params = Object.entries(group[0]?.params ?? {}).filter(([name]) => name !== repeat)
    const compared = Object.fromEntries(params.filter(([name]) => compare.includes(name)))
    const tuned = Object.fromEntries(params.filter(([name]) => !compare.includes(name)))
    const choice = { compared, tuned, trials: group }
    const value = meanOf(choice)
    const key = JSON.stringify(compared)
    const other = best.get(key)
    if (!Number.isNaN(value) && (!other || isBetter(goal, value, meanOf(other)))) best.set(key, choice)
  }
  return [...best.values()].sort((a, b) => (isBetter(goal, meanOf(a), meanOf(b)) ? -1 : 1))
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of a sample: NaN where there are fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}
