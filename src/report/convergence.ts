import { type Convergence, convergenceOf } from '../analysis/convergence/convergence.ts'
import type { Point } from '../analysis/convergence/curve.ts'
import { compareGroups, type GroupSummary } from '../analysis/convergence/groups.ts'
import { timeToTarget } from '../analysis/convergence/time-to-target.ts'
import { evenly } from '../numerics/evenly.ts'
import { quantile } from '../numerics/quantile.ts'
import type { Parameter } from '../space/space.ts'
import type { TrialRecord } from '../study/record.ts'
import { hasValue } from '../study/view.ts'
import { paramOf, type RankedTrial, type ReportInput } from './input.ts'

/** How a study's best trials converged, and its groups of trials. */
export interface StudyConvergence {
  readonly best: readonly TrialConvergence[]
  /** The value that times are measured to: a quarter of the trials with a value reached it. */
  readonly target: number
  readonly groups?: Groups
}

export interface TrialConvergence {
  readonly trial: RankedTrial
  /** The study's metric, by step. */
  readonly points: readonly Point[]
  readonly convergence: Convergence
}

/** Trials by the options of one categorical parameter. */
export interface Groups {
  readonly parameter: Parameter
  /** By the trials' values, those of a metric to be maximized with the sign turned, so that less is better. */
  readonly values: readonly GroupSummary[]
  /** By the steps that they took to the target, infinite for those that never came there. */
  readonly steps: readonly GroupSummary[]
}

/** Only so many are fitted, which takes a twentieth of a second each: a study has up to 10,000. */
export const FITTED_TRIALS = 5
/** What groups are compared by: trials whose values, and whose curves, are taken. */
const GROUP_VALUES = 1000
const GROUP_CURVES = 200
const MOST_OPTIONS = 12
const TARGET_SHARE = 0.25
/** By name, the best one first; else whatever is named as a training loss. */
const TRAINING = ['trainSetLoss', 'trainLoss']
const TRAINING_LIKE = /^train.*loss$/i
const GRADIENT = ['gradientNormMax', 'gradientNorm']

/** Undefined where no trial with a value has a curve. */
export function readConvergence(input: ReportInput): StudyConvergence | undefined {
  const { goal, metric, ranked, seed } = { ...input, seed: input.view.seed }
  const losses = ranked.map(({ value }) => (goal === 'minimize' ? value : -value))
  const target = (goal === 'minimize' ? 1 : -1) * quantile(losses, TARGET_SHARE)
  const best = ranked.slice(0, FITTED_TRIALS).flatMap((trial): TrialConvergence[] => {
    const measurements = input.measurements(trial.number)
    const names = new Set(measurements.flatMap(({ metrics }) => Object.keys(metrics)))
    names.delete(metric)
    const curve = (name: string | undefined): Point[] =>
      name === undefined
        ? []
        : measurements.flatMap(({ step, time, metrics: { [name]: value } }) =>
            value === undefined ? [] : [{ step, time, value }],
          )
    const points = curve(metric)
    if (points.length === 0) return []
    const training =
      TRAINING.find((name) => names.has(name)) ?? [...names].sort().find((name) => TRAINING_LIKE.test(name))
    const convergence = convergenceOf({
      ...{ validation: points, goal, target },
      training: curve(training),
      gradientNorm: curve(GRADIENT.find((name) => names.has(name))),
    })
    return [{ trial, points, convergence }]
  })
  if (best.length === 0) return undefined
  const groups = groupsOf(input, target, seed)
  return { best, target, ...(groups && { groups }) }
}

/** By the first choice between branches at the top of the space, or else the first choice there; undefined without one. */
function groupsOf(input: ReportInput, target: number, seed: number): Groups | undefined {
  const { goal, metric, varied, trials } = input
  const top = varied.filter(({ parent }) => parent === undefined)
  const parameter =
    top.find(({ domain }) => domain.type === 'branch') ?? top.find(({ domain }) => domain.type === 'choice')
  if (!parameter) return undefined
  const valued = trials.filter(hasValue)
  const options = [...new Set(valued.map((trial) => paramOf(trial, parameter)))]
  if (options.length < 2 || options.length > MOST_OPTIONS) return undefined
  const sampled = evenly(valued, GROUP_CURVES)
  const groupBy = <T extends TrialRecord>(all: readonly T[], of: (trial: T) => readonly number[]) =>
    compareGroups(
      options.map((option) => ({
        name: String(option),
        values: all.filter((trial) => paramOf(trial, parameter) === option).flatMap(of),
      })),
      seed,
    )
  return {
    parameter,
    values: groupBy(evenly(valued, GROUP_VALUES), ({ value }) => [goal === 'minimize' ? value : -value]),
    steps: groupBy(sampled, ({ number }) => {
      const points = input
        .measurements(number)
        .flatMap(({ step, time, metrics: { [metric]: value } }) => (value === undefined ? [] : [{ step, time, value }]))
      const reach = timeToTarget(points, goal, target)
      return reach.known ? [reach.value.steps] : []
    }),
  }
}
