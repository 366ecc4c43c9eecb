import { DynotuneError } from '../errors.ts'
import { CANCELLED } from '../scheduler/requests.ts'
import type { LeaseHolder } from '../store/lease.ts'
import type { StudyRequest } from '../store/requests.ts'
import type { Store } from '../store/store.ts'
import { type StudyRecord, studyLabel } from '../study/record.ts'
import { wholeNumber } from './options.ts'
import { findStudy, openExisting } from './stored.ts'

export interface RequestArguments {
  readonly study: string
  /** The number of a trial, for `cancel` alone. */
  readonly trial?: string | undefined
  readonly db: string
  readonly json: boolean
}

/** `dynotune pause`, `resume` and `cancel`: asks whoever runs the study; returns what to print. */
export function requestCommand(
  kind: StudyRequest['kind'],
  { study: reference, trial: text, db, json }: RequestArguments,
): string {
  const trial = wholeNumber('trial', text, 0)
  const request = { kind, ...(trial !== undefined && { trial }) }
  const store = openExisting(db)
  try {
    const study = findStudy(store, reference)
    const holder = store.ask(study, request)
    if (!holder) {
      if (trial === undefined) throw idle(study, kind)
      cancelWaiting(store, study, trial)
    }
    const { name, number } = study
    return json ? JSON.stringify({ study: name, number, ...request, holder }) : words(study, request, holder)
  } finally {
    store.close()
  }
}

/** Ends a trial of a study that nobody runs. */
function cancelWaiting(store: Store, study: StudyRecord, trial: number): void {
  const lease = store.takeLease(study)
  try {
    store.dropTrial(lease, trial, CANCELLED)
  } finally {
    store.releaseLease(lease)
  }
}

function words(study: StudyRecord, { kind, trial }: StudyRequest, holder: LeaseHolder | undefined): string {
  const label = studyLabel(study)
  if (!holder)
    return `Trial ${trial} of ${label} is cancelled: nobody runs the study now, and no run will try it again.`
  const asked = `Asked process ${holder.pid} on ${holder.host} to`
  if (trial !== undefined) return `${asked} cancel trial ${trial} of ${label}; it will not be tried again.`
  if (kind === 'pause') return `${asked} pause ${label}: what runs goes on to its end, nothing is started.`
  if (kind === 'resume') return `${asked} go on with ${label}.`
  return `${asked} stop ${label} now. What has finished is kept; the rest runs again when the study is run again.`
}

function idle(study: StudyRecord, kind: StudyRequest['kind']): DynotuneError {
  return new DynotuneError('study.idle', `Nobody runs the study now, so there is nothing to ${kind}.`, {
    path: studyLabel(study),
    remedy: `dynotune run ${study.source?.path ?? 'study.ts'} goes on with it; dynotune list says who runs what`,
  })
}
