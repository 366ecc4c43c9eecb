import type { Finding } from '../analysis/finding.ts'
import { type Fanova, fanova, type GroupImportance } from '../analysis/importance/fanova.ts'
import { type PedAnova, pedAnova } from '../analysis/importance/ped-anova.ts'
import { lossOf } from '../samplers/observations.ts'
import { trialScale } from './figures/value-scale.ts'
import { drawable } from './format.ts'
import type { ReportInput } from './input.ts'

/** What the parameters of a study matter, by both methods. */
export interface Importances {
  /** Of the metric as figures draw it: its logarithm on a logarithmic axis, and no worse than where the axis is cut. */
  readonly fanova: Finding<Fanova>
  readonly pedAnova: Finding<PedAnova>
  readonly isLog: boolean
  readonly limit?: number
}

/** Keeps the report of ten thousand trials within seconds. */
const MOST_TRIALS = 500

const found = new WeakMap<ReportInput, Importances>()

/** The importances of a report's study: computed once for all chapters. */
export function importancesOf(input: ReportInput): Importances {
  const held = found.get(input)
  if (held) return held
  const { view, goal } = input
  const scale = trialScale(input)
  const isLog = scale.type === 'log'
  const measure = (y: number) => {
    const value = scale.clamp(drawable(lossOf(goal, y)))
    return isLog ? Math.log10(value) : lossOf(goal, value)
  }
  const importances = {
    fanova: fanova(view, { measure, mostTrials: MOST_TRIALS }),
    pedAnova: pedAnova(view),
    isLog,
    ...(scale.limit !== undefined && { limit: scale.limit }),
  }
  found.set(input, importances)
  return importances
}

/** The groups of trials that have importances, that of all trials first. */
export function groupsOf({ fanova }: Importances): { readonly branch?: string; readonly found: GroupImportance }[] {
  if (!fanova.known) return []
  return fanova.value.groups.flatMap(({ branch, found }) =>
    found.known ? [{ ...(branch && { branch: `${branch.name} = ${branch.branch}` }), found: found.value }] : [],
  )
}
