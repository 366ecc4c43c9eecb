import { DynotuneError } from '../errors.ts'
import type { Sqlite } from './sqlite.ts'

/** What a user asks of the process that schedules a study. */
export interface StudyRequest {
  readonly kind: 'pause' | 'resume' | 'cancel'
  /** The trial to cancel. Default: the request is about the whole study. */
  readonly trial?: number
}

/** @throws DynotuneError `study.unknown_trial`, `study.finished_trial` */
export function assertUnfinished(sqlite: Sqlite, study: number, trial: number): void {
  const row = sqlite.get('SELECT state, finished_at FROM trial WHERE study_id = ? AND number = ?', study, trial)
  if (!row)
    throw new DynotuneError('study.unknown_trial', `The study has no trial ${trial}, or not yet.`, {
      value: trial,
      remedy: 'dynotune export prints all trials of a study',
    })
  if (row.finished_at !== null)
    throw new DynotuneError('study.finished_trial', `Trial ${trial} has ended: it is ${row.state}.`, { value: trial })
}

export function addRequest(sqlite: Sqlite, study: number, { kind, trial }: StudyRequest, now: number): void {
  sqlite.run(
    'INSERT INTO request (study_id, kind, trial, asked_at) VALUES (?, ?, ?, ?)',
    study,
    kind,
    trial ?? null,
    now,
  )
}

export function hasRequests(sqlite: Sqlite, study: number): boolean {
  return sqlite.get('SELECT 1 FROM request WHERE study_id = ? LIMIT 1', study) !== undefined
}

/** All requests in the order asked. */
export function listRequests(sqlite: Sqlite, study: number): StudyRequest[] {
  const rows = sqlite.all('SELECT kind, trial FROM request WHERE study_id = ? ORDER BY id', study)
  return rows.map(({ kind, trial }) => ({
    kind: kindFrom(String(kind)),
    ...(typeof trial === 'number' && { trial }),
  }))
}

/** Removes what is asked of one trial, or what is asked of the study as a whole. */
export function dropRequests(sqlite: Sqlite, study: number, trial?: number): void {
  sqlite.run('DELETE FROM request WHERE study_id = ? AND trial IS ?', study, trial ?? null)
}

const KINDS: readonly StudyRequest['kind'][] = ['pause', 'resume', 'cancel']

function kindFrom(text: string): StudyRequest['kind'] {
  const kind = KINDS.find((known) => known === text)
  if (!kind) throw new Error(`The database holds an unknown request: ${text}`)
  return kind
}
