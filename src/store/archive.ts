import type { Assignment } from '../space/params.ts'
import { metricsFromJson, numbersFromText } from '../study/json.ts'
import type { Environment, StudyArchive, StudyRecord, TrialRecord } from '../study/record.ts'
import type { StudyDefinition } from '../study/study.ts'
import type { Measurement, Reason, TrialState } from '../study/trial.ts'
import type { Row, Sqlite } from './sqlite.ts'

/** Read access to one study, straight from the database: nothing is held in memory between calls. */
export function openArchive(sqlite: Sqlite, study: StudyRecord): StudyArchive {
  const environments = new Map<number, Environment>()

  function environment(id: number): Environment {
    const known = environments.get(id)
    if (known) return known
    const fields: Environment = JSON.parse(
      String(sqlite.get('SELECT fields FROM environment WHERE id = ?', id)?.fields ?? '{}'),
    )
    environments.set(id, fields)
    return fields
  }

  function trials(): TrialRecord[] {
    const rows = sqlite.all(
      `SELECT t.*, a.started_at, a.ended_at, a.environment_id FROM trial t LEFT JOIN attempt a ON a.fence = t.fence
       WHERE t.study_id = ? ORDER BY t.number`,
      study.id,
    )
    return rows.map((row) => trialFromRow(row, environment))
  }

  /** From its first step on, an attempt hides what earlier ones measured: it goes on where they were, or begins anew. */
  function measurements(trial: number): Measurement[] {
    const rows = sqlite.all(
      `SELECT m.step, m.time, m.metrics FROM attempt a JOIN measurement m ON m.fence = a.fence
       WHERE a.study_id = ?1 AND a.number = ?2 AND NOT EXISTS (
         SELECT 1 FROM attempt later JOIN measurement n ON n.fence = later.fence
         WHERE later.study_id = ?1 AND later.number = ?2 AND later.fence > a.fence AND n.step <= m.step)
       ORDER BY m.step`,
      study.id,
      trial,
    )
    return rows.map((row) => ({
      step: Number(row.step),
      time: Number(row.time),
      metrics: metricsFromJson(String(row.metrics)),
    }))
  }

  function output(trial: number): string {
    const row = sqlite.get(
      'SELECT output FROM attempt WHERE study_id = ? AND number = ? AND output IS NOT NULL ORDER BY fence DESC LIMIT 1',
      study.id,
      trial,
    )
    return row ? String(row.output) : ''
  }

  return { study, trials, measurements, output }
}

export function studyFromRow(row: Row): StudyRecord {
  const definition: StudyDefinition = JSON.parse(String(row.definition))
  const test = row.test ? JSON.parse(String(row.test)) : undefined
  return {
    id: Number(row.id),
    identity: String(row.identity),
    name: String(row.name),
    number: Number(row.number),
    digest: String(row.digest),
    definition,
    createdAt: new Date(Number(row.created_at)).toISOString(),
    ...(row.source_path ? { source: { path: String(row.source_path), digest: String(row.source_digest) } } : {}),
    ...(test && { test: { trial: test.trial, metrics: numbersFromText(test.metrics) } }),
  }
}

function trialFromRow(row: Row, environment: (id: number) => Environment): TrialRecord {
  const params: Assignment = JSON.parse(String(row.params))
  const reason: Reason | undefined = row.reason ? JSON.parse(String(row.reason)) : undefined
  const { parent, value, metrics, started_at: started, ended_at: ended, environment_id: place } = row
  return {
    number: Number(row.number),
    params,
    state: stateFrom(String(row.state)),
    attempts: Number(row.attempts),
    ...(typeof parent === 'number' && { parent }),
    ...(typeof value === 'number' && { value }),
    ...(metrics && { metrics: metricsFromJson(String(metrics)) }),
    ...(reason && { reason }),
    ...(typeof started === 'number' && typeof ended === 'number' && { seconds: (ended - started) / 1000 }),
    ...(typeof place === 'number' && { environment: environment(place) }),
  }
}

const STATES: readonly TrialState[] = ['waiting', 'running', 'complete', 'stopped', 'infeasible', 'failed']

function stateFrom(text: string): TrialState {
  const state = STATES.find((known) => known === text)
  if (!state) throw new Error(`The database holds an unknown trial state: ${text}`)
  return state
}
