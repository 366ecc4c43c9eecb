import { chiSquareQuantile } from '../../numerics/chi-square.ts'
import { lossOf } from '../../samplers/observations.ts'
import type { Assignment } from '../../space/params.ts'
import type { StudyView } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { type JudgedTrial, judge } from '../judged.ts'
import { bestOfK } from './best-of-k.ts'

/** Trials of the same parameters. */
export interface Configuration {
  readonly params: Assignment
  /** Numbers of its trials with a value. */
  readonly trials: readonly number[]
  /** Of the metric. */
  readonly mean: number
}

/** What part of a gain may be chance. */
export interface Repeats {
  /** The configuration of the best trial. */
  readonly winner: Configuration
  /**
   * The standard deviation from run to run of the same parameters, with its 95 % interval by chi-square, for values that are
   * normal: the winner's where it was run three times, else that of all repeated configurations together.
   */
  readonly deviation: Estimate
  /** What it was estimated with: the trials beyond one a configuration. */
  readonly degrees: number
  readonly isOfWinner: boolean
  /** From one search of this size to another: the standard deviation of the best of half of the trials. */
  readonly searchDeviation: number
  /** The other configuration with the best mean. */
  readonly next?: Configuration
  /** By how much the winner's mean is better, with the 95 % interval from both deviations together; above 0 it is no chance. */
  readonly gain?: Estimate
}

/**
 * Whether the best configuration is better by more than what runs of the same parameters differ by, and searches of the same
 * size (tuning playbook: retrain and study variance). What searches differ by is taken from the best of half of the trials,
 * since a half differs from the whole as wholes differ among themselves.
 */
export function repeats(view: StudyView): Finding<Repeats> {
  const { trials } = judge(view)
  const groups = groupByParams(trials)
  const repeated = groups.filter(({ ys }) => ys.length > 1)
  const winner = groups.reduce<Group | undefined>(
    (best, group) => (best && best.best <= group.best ? best : group),
    undefined,
  )
  const half = bestOfK(view, [Math.max(1, trials.length >> 1)])
  if (!winner || repeated.length === 0 || !half.known) {
    return unknown('No parameters were run more than once, so that what repeats differ by is not known.')
  }
  const isOfWinner = winner.ys.length > 2
  const pool = isOfWinner ? [winner] : repeated
  const degrees = pool.reduce((sum, { ys }) => sum + ys.length - 1, 0)
  const squares = pool.reduce((sum, { ys, mean }) => sum + ys.reduce((total, y) => total + (y - mean) ** 2, 0), 0)
  const spread = Math.sqrt(squares / degrees)
  const searchDeviation = half.value[0]?.deviation ?? 0
  const next = groups.reduce<Group | undefined>(
    (best, group) => (group === winner || (best && best.mean <= group.mean) ? best : group),
    undefined,
  )
  const found: Omit<Repeats, 'next' | 'gain'> = {
    winner: configuration(view, winner),
    deviation: {
      value: spread,
      low: Math.sqrt(squares / chiSquareQuantile(0.975, degrees)),
      high: Math.sqrt(squares / chiSquareQuantile(0.025, degrees)),
    },
    degrees,
    isOfWinner,
    searchDeviation,
  }
  if (!next) return known(found)
  const value = next.mean - winner.mean
  const ofMeans = spread ** 2 * (1 / winner.ys.length + 1 / next.ys.length)
  const reach = 1.959964 * Math.sqrt(ofMeans + searchDeviation ** 2)
  return known({
    ...found,
    next: configuration(view, next),
    gain: { value, low: value - reach, high: value + reach },
  })
}

interface Group {
  readonly trials: readonly JudgedTrial[]
  readonly ys: readonly number[]
  readonly mean: number
  readonly best: number
}

function groupByParams(trials: readonly JudgedTrial[]): Group[] {
  const groups = new Map<string, JudgedTrial[]>()
  for (const trial of trials) {
    const key = JSON.stringify(Object.entries(trial.trial.params).sort(([a], [b]) => (a < b ? -1 : 1)))
    const group = groups.get(key)
    if (group) group.push(trial)
    else groups.set(key, [trial])
  }
  return [...groups.values()].map((group) => {
    const ys = group.map(({ y }) => y)
    const mean = ys.reduce((sum, y) => sum + y, 0) / ys.length
    return { trials: group, ys, mean, best: ys.reduce((least, y) => Math.min(least, y), Number.POSITIVE_INFINITY) }
  })
}

function configuration({ goal }: StudyView, { trials, mean }: Group): Configuration {
  return {
    params: trials[0]?.trial.params ?? {},
    trials: trials.map(({ trial }) => trial.number),
    mean: lossOf(goal, mean),
  }
}
