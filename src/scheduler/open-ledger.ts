import { prunerNamed } from '../pruners/registry.ts'
import { samplerOf } from '../samplers/sampler-of.ts'
import type { Store } from '../store/store.ts'
import type { Pruner } from '../study/pruner.ts'
import type { StudyArchive, StudyRecord } from '../study/record.ts'
import type { Sampler } from '../study/sampler.ts'
import { rolesOf, type Study, type StudyDefinition } from '../study/study.ts'
import type { CurvePoint, EarlierTrial, StudyView, TrialView } from '../study/view.ts'
import { createLedger, type Ledger } from './ledger.ts'

export interface LedgerSource {
  readonly study: Study
  /** The study's definition with what the caller overrides. */
  readonly definition: StudyDefinition
  readonly record: StudyRecord
  readonly store: Store
  /** How many trials the machine runs at once, for samplers to plan with. */
  readonly parallel: number
  readonly earlier?: readonly EarlierTrial[]
}

/**
 * A stored study in memory, with the sampler and the pruner that its definition names.
 * @throws DynotuneError `sampler.unknown`, `pruner.unknown`, or what either has against the study
 */
export function openLedger({ study, definition, record, store, parallel, earlier }: LedgerSource): {
  readonly sampler: Sampler
  readonly pruner: Pruner | undefined
  readonly ledger: Ledger
} {
  const own = study.sampler?.name === definition.sampler ? study.sampler : definition.sampler
  const sampler = samplerOf(own, rolesOf(definition))
  const { pruner: prunerName = 'none' } = definition
  const named = prunerName === 'none' ? undefined : prunerName
  const pruner = study.pruner?.name === named ? study.pruner : named === undefined ? undefined : prunerNamed(named)
  const archive = store.archive(record)
  const ledger = createLedger({
    ...viewOf(study, definition),
    ...(earlier && { earlier }),
    parallel,
    trials: pruner || sampler.usesCurves ? withCurves(archive, definition.metric) : archive.trials(),
    enqueue: study.enqueued,
  })
  sampler.check?.(ledger.view)
  pruner?.check?.(ledger.view)
  return { sampler, pruner, ledger }
}

function viewOf({ space, allows }: Study, definition: StudyDefinition): Omit<StudyView, 'trials'> {
  const { metric, goal, seed, objectives, bounds, budget } = definition
  return {
    ...rolesOf(definition),
    space,
    metric,
    goal,
    seed,
    ...(objectives && { objectives }),
    ...(bounds && { bounds }),
    ...(allows && { allows }),
    ...(budget.trials !== undefined && { budget: budget.trials }),
  }
}

/** Trials with what they reported of the metric, for those who compare curves. */
function withCurves(archive: StudyArchive, metric: string): TrialView[] {
  return archive.trials().map((trial) => {
    const points = archive.measurements(trial.number).map(({ step, metrics }) => ({ step, value: metrics[metric] }))
    return { ...trial, curve: points.filter((point): point is CurvePoint => point.value !== undefined) }
  })
}
