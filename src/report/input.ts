import type { Scalar } from '../space/domain.ts'
import { createSpace, type Parameter, type Space } from '../space/space.ts'
import { domainToUnit } from '../space/value.ts'
import type { StudyArchive, StudyRecord, TrialRecord } from '../study/record.ts'
import { rolesOf } from '../study/study.ts'
import type { Measurement, TrialState } from '../study/trial.ts'
import { type Goal, isFinal, ranked, type StudyView } from '../study/view.ts'

export type RankedTrial = TrialRecord & { readonly value: number }

/** What every chapter is written from: an archive, read once, and what follows from it at once. */
export interface ReportInput {
  readonly study: StudyRecord
  readonly space: Space
  readonly metric: string
  readonly goal: Goal
  /** The study as samplers see it, but for curves and earlier studies. */
  readonly view: StudyView
  /** All trials by number. */
  readonly trials: readonly TrialRecord[]
  /** Trials that have a value, best first. */
  readonly ranked: readonly RankedTrial[]
  readonly best?: RankedTrial
  /** Infeasible and failed trials, by number. */
  readonly withoutValue: readonly TrialRecord[]
  /** The parameters that vary, in the order of the source. */
  readonly varied: readonly Parameter[]
  count(state: TrialState): number
  /** Trials that have ended, whatever their outcome. */
  readonly ended: number
  measurements(trial: number): readonly Measurement[]
  output(trial: number): string
}

export function readInput(archive: StudyArchive): ReportInput {
  const { study } = archive
  const { metric, goal, seed, objectives, bounds, budget, parallel } = study.definition
  const space = createSpace(study.definition.space)
  const trials = archive.trials()
  const inOrder = ranked(trials, goal)
  const [best] = inOrder
  return {
    study,
    space,
    metric,
    goal,
    view: {
      space,
      metric,
      goal,
      seed,
      trials,
      ...rolesOf(study.definition),
      ...(objectives && { objectives }),
      ...(bounds && { bounds }),
      ...(budget.trials !== undefined && { budget: budget.trials }),
      ...(parallel !== undefined && { parallel }),
    },
    trials,
    ranked: inOrder,
    ...(best && { best }),
    withoutValue: trials.filter(({ state }) => state === 'infeasible' || state === 'failed'),
    varied: space.parameters.filter(({ domain }) => domain.type !== 'fixed'),
    count: (state) => trials.filter((trial) => trial.state === state).length,
    ended: trials.filter(({ state }) => isFinal(state)).length,
    measurements: (trial) => archive.measurements(trial),
    output: (trial) => archive.output(trial),
  }
}

/** The value of a parameter, or undefined where the trial's branch does not have it. */
export function paramOf(trial: TrialRecord, { name }: Parameter): Scalar | undefined {
  return trial.params[name]
}

/** A value's place in [0, 1] along its parameter's scale, or undefined where the trial does not have the parameter. */
export function coordinateOf(trial: TrialRecord, parameter: Parameter): number | undefined {
  const value = paramOf(trial, parameter)
  if (value === undefined) return undefined
  const u = domainToUnit(parameter.domain, value)
  return Number.isFinite(u) ? u : undefined
}
