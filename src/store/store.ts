import { DynotuneError } from '../errors.ts'
import { toJson } from '../study/json.ts'
import type { Environment, StudyArchive, StudyRecord } from '../study/record.ts'
import type { StudyDefinition } from '../study/study.ts'
import type { FinalState, Measurement, Metrics, Reason } from '../study/trial.ts'
import type { TrialView } from '../study/view.ts'
import { openArchive, studyFromRow } from './archive.ts'
import { assertLease, type Lease, type LeaseHolder, leaseHolder, releaseLease, renewLease, takeLease } from './lease.ts'
import { addRequest, assertUnfinished, dropRequests, hasRequests, listRequests, type StudyRequest } from './requests.ts'
import { migrate } from './schema.ts'
import { openSqlite } from './sqlite.ts'

export interface NewStudy {
  readonly definition: StudyDefinition
  readonly digest: string
  readonly source?: { readonly path: string; readonly digest: string }
}

/** A study and all that it imports, as one module. */
export interface StoredBundle {
  /** SHA-256 of the code, in hex. */
  readonly digest: string
  readonly code: string
}

export interface StudySummary {
  readonly study: StudyRecord
  /** Trials by state; absent states have none. */
  readonly counts: { readonly [state: string]: number }
  /** The process that runs it now. */
  readonly holder?: LeaseHolder
}

/** How a trial ended, as it is recorded. */
export interface TrialEnd {
  readonly state: FinalState
  readonly value?: number
  readonly metrics?: Metrics
  readonly reason?: Reason
}

/**
 * The one source of truth: studies, trials, attempts and measurements in an SQLite file. Every verb is one transaction, or a
 * part of one (`together`) of which all is done or nothing.
 * Verbs that a scheduler uses to change a study take its lease and refuse once another holds it; those that an attempt's
 * events lead to take its fence and refuse, with `store.fenced`, once a later attempt has begun or the trial has ended.
 */
export interface Store {
  readonly path: string
  createStudy(study: NewStudy): StudyRecord
  /** The study of that number, or the latest of the name. */
  findStudy(name: string, number?: number): StudyRecord | undefined
  listStudies(): StudySummary[]
  /** Trials of one study by state; absent states have none. */
  countTrials(study: StudyRecord): StudySummary['counts']
  archive(study: StudyRecord): StudyArchive

  /** The process that schedules a study now; `left` when the one that did died over it. */
  holder(study: StudyRecord): LeaseHolder | 'left' | undefined
  takeLease(study: StudyRecord): Lease
  renewLease(lease: Lease): void
  releaseLease(lease: Lease): void
  /**
   * Commits what the verbs in `work` do together. A verb that throws has done nothing; when `work` throws, or the commit fails,
   * none has.
   */
  together<T>(lease: Lease, work: () => T): T

  /**
   * Leaves a request for the process that schedules a study, and says which that is; undefined when none does, and then nothing
   * is left.
   * @throws DynotuneError `study.unknown_trial`, `study.finished_trial`
   */
  ask(study: StudyRecord, request: StudyRequest): LeaseHolder | undefined
  /**
   * What is asked, in order. What is asked of the study is removed; what is asked of a trial stays until that has ended, since
   * whoever takes it may die before.
   */
  takeRequests(lease: Lease): StudyRequest[]
  /** Keeps for others to see whether the study is paused: until told otherwise, or until the lease passes on. */
  recordPaused(lease: Lease, paused: boolean): void

  /** Replaces what may change between runs of a study: budget, parallel, engine, limits; before its first trial, all. */
  updateDefinition(lease: Lease, definition: StudyDefinition, digest: string): void
  /** Keeps a study as one file, for whoever goes on with it without its source; instead of what was kept before. */
  keepBundle(lease: Lease, bundle: StoredBundle): void
  bundleOf(study: StudyRecord): StoredBundle | undefined
  createTrials(lease: Lease, trials: readonly Pick<TrialView, 'number' | 'params' | 'parent'>[]): void
  /** Begins the next attempt of a trial and returns its fence, larger than any before. */
  createAttempt(lease: Lease, trial: number): { readonly fence: number; readonly ordinal: number }
  /** Whether this is the fence of its trial's last attempt, and that has not ended. */
  isCurrent(fence: number): boolean
  recordStart(fence: number, environment: Environment): void
  recordMeasurements(fence: number, measurements: readonly Measurement[]): void
  finishTrial(lease: Lease, fence: number, end: TrialEnd, output: string): void
  /** Ends a trial of which no attempt is on its way as failed; one that a dead scheduler left open is superseded. */
  dropTrial(lease: Lease, trial: number, reason: Reason): void
  /** Ends an attempt without ending its trial, which is waiting again. */
  loseAttempt(lease: Lease, fence: number, reason: Reason, output: string): void
  /** The version that each engine had in the first attempt on it, by engine. */
  engineVersions(study: StudyRecord): Readonly<Record<string, string>>
  /** How many attempts of a trial ended for one of these reasons. */
  countLost(study: number, trial: number, codes: readonly string[]): number
  recordTest(lease: Lease, trial: number, metrics: Metrics): void
  close(): void
}

/** Opens the store, creating or upgrading the file. `clock` gives milliseconds since 1970. */
export function openStore(
  path: string,
  clock: () => number = Date.now,
  options?: { readonly timeout?: number },
): Store {
  const sqlite = openSqlite(path, options)
  try {
    // In WAL mode NORMAL keeps every commit through the death of the process; only a power cut may undo the last ones.
    sqlite.script('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
    migrate(sqlite, path)
  } catch (error) {
    sqlite.close()
    throw error
  }
  const environmentIds = new Map<string, number>()
  /** The token of the lease that the transaction under way has seen to be held. */
  let seen: string | undefined

  function environmentId(environment: Environment): number {
    const fields = JSON.stringify(environment)
    const known = environmentIds.get(fields)
    if (known !== undefined) return known
    sqlite.run('INSERT INTO environment (fields) VALUES (?) ON CONFLICT (fields) DO NOTHING', fields)
    const id = Number(sqlite.get('SELECT id FROM environment WHERE fields = ?', fields)?.id)
    environmentIds.set(fields, id)
    return id
  }

  function trialOf(fence: number): { readonly study: number; readonly number: number } | undefined {
    const row = sqlite.get(
      `SELECT t.study_id, t.number FROM attempt a JOIN trial t ON t.study_id = a.study_id AND t.number = a.number
       WHERE a.fence = ? AND t.fence = a.fence AND a.ended_at IS NULL`,
      fence,
    )
    return row && { study: Number(row.study_id), number: Number(row.number) }
  }

  /** The trial whose current attempt has this fence. */
  function current(fence: number): { readonly study: number; readonly number: number } {
    const trial = trialOf(fence)
    if (!trial)
      throw new DynotuneError(
        'store.fenced',
        `Attempt ${fence} is over: its trial has ended or a later attempt has begun.`,
        { value: fence },
      )
    return trial
  }

  function countTrials({ id }: StudyRecord): StudySummary['counts'] {
    const rows = sqlite.all('SELECT state, COUNT(*) AS count FROM trial WHERE study_id = ? GROUP BY state', id)
    return Object.fromEntries(rows.map((row) => [String(row.state), Number(row.count)]))
  }

  function endTrial(study: number, number: number, { state, value, metrics, reason }: TrialEnd): void {
    sqlite.run(
      'UPDATE trial SET state = ?, value = ?, metrics = ?, reason = ?, finished_at = ? WHERE study_id = ? AND number = ?',
      state,
      value ?? null,
      metrics ? toJson(metrics) : null,
      reason ? JSON.stringify(reason) : null,
      clock(),
      study,
      number,
    )
    dropRequests(sqlite, study, number)
  }

  /** A transaction of whoever holds the lease. Within one that has seen that it is held, nobody can have taken it since. */
  function holding<T>(lease: Lease, work: () => T): T {
    return sqlite.transaction(() => {
      if (seen !== lease.token) assertLease(sqlite, lease)
      return work()
    })
  }

  /** An attempt that was never heard of again makes way. */
  function supersede(study: number, trial: number): void {
    sqlite.run(
      "UPDATE attempt SET ended_at = ?, outcome = 'superseded' WHERE study_id = ? AND number = ? AND ended_at IS NULL",
      clock(),
      study,
      trial,
    )
  }

  function endAttempt(fence: number, outcome: string, reason: Reason | undefined, output: string): void {
    sqlite.run(
      'UPDATE attempt SET ended_at = ?, outcome = ?, reason = ?, output = ? WHERE fence = ?',
      clock(),
      outcome,
      reason ? JSON.stringify(reason) : null,
      output === '' ? null : output,
      fence,
    )
  }

  return {
    path,

    createStudy: ({ definition, digest, source }) =>
      sqlite.transaction(() => {
        const number =
          1 + Number(sqlite.get('SELECT MAX(number) AS last FROM study WHERE name = ?', definition.name)?.last ?? 0)
        const { id } = sqlite.run(
          `INSERT INTO study (identity, name, number, digest, definition, source_path, source_digest, created_at)
           VALUES (lower(hex(randomblob(8))), ?, ?, ?, ?, ?, ?, ?)`,
          definition.name,
          number,
          digest,
          JSON.stringify(definition),
          source?.path ?? null,
          source?.digest ?? null,
          clock(),
        )
        return studyFromRow(sqlite.get('SELECT * FROM study WHERE id = ?', id) ?? {})
      }),

    findStudy(name, number) {
      const row =
        number === undefined
          ? sqlite.get('SELECT * FROM study WHERE name = ? ORDER BY number DESC LIMIT 1', name)
          : sqlite.get('SELECT * FROM study WHERE name = ? AND number = ?', name, number)
      return row && studyFromRow(row)
    },

    listStudies() {
      return sqlite
        .all('SELECT * FROM study ORDER BY name, number')
        .map(studyFromRow)
        .map((study) => {
          const holder = leaseHolder(sqlite, study.id, clock())
          return { study, counts: countTrials(study), ...(holder && { holder }) }
        })
    },

    countTrials,

    archive: (study) => openArchive(sqlite, study),

    holder(study) {
      const isLeft = () => sqlite.get('SELECT 1 FROM lease WHERE study_id = ?', study.id) !== undefined
      return leaseHolder(sqlite, study.id, clock()) ?? (isLeft() ? 'left' : undefined)
    },
    takeLease: (study) => takeLease(sqlite, study.id, clock()),
    renewLease: (lease) => renewLease(sqlite, lease, clock()),
    releaseLease: (lease) => releaseLease(sqlite, lease),

    together(lease, work) {
      try {
        return holding(lease, () => {
          seen = lease.token
          return work()
        })
      } catch (error) {
        // Those that were new are not there.
        environmentIds.clear()
        throw error
      } finally {
        seen = undefined
      }
    },

    ask: (study, request) =>
      sqlite.transaction(() => {
        if (request.trial !== undefined) assertUnfinished(sqlite, study.id, request.trial)
        const holder = leaseHolder(sqlite, study.id, clock())
        if (holder) addRequest(sqlite, study.id, request, clock())
        return holder
      }),

    takeRequests(lease) {
      // Whoever only looks must not lock the database.
      if (!hasRequests(sqlite, lease.study)) return []
      return holding(lease, () => {
        const requests = listRequests(sqlite, lease.study)
        dropRequests(sqlite, lease.study)
        return requests
      })
    },

    recordPaused: (lease, paused) =>
      holding(lease, () => {
        sqlite.run('UPDATE lease SET paused = ? WHERE study_id = ?', Number(paused), lease.study)
      }),

    updateDefinition: (lease, definition, digest) =>
      holding(lease, () => {
        sqlite.run(
          'UPDATE study SET definition = ?, digest = ? WHERE id = ?',
          JSON.stringify(definition),
          digest,
          lease.study,
        )
      }),

    keepBundle: (lease, { digest, code }) =>
      sqlite.transaction(() => {
        assertLease(sqlite, lease)
        sqlite.run('INSERT INTO bundle (digest, code) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING', digest, code)
        sqlite.run('UPDATE study SET bundle = ? WHERE id = ?', digest, lease.study)
        sqlite.run('DELETE FROM bundle WHERE digest NOT IN (SELECT bundle FROM study WHERE bundle IS NOT NULL)')
      }),

    bundleOf({ id }) {
      const row = sqlite.get(
        'SELECT b.digest, b.code FROM study s JOIN bundle b ON b.digest = s.bundle WHERE s.id = ?',
        id,
      )
      return row && { digest: String(row.digest), code: String(row.code) }
    },

    createTrials: (lease, trials) =>
      holding(lease, () => {
        for (const { number, params, parent } of trials) {
          sqlite.run(
            "INSERT INTO trial (study_id, number, params, parent, state, created_at) VALUES (?, ?, ?, ?, 'waiting', ?)",
            lease.study,
            number,
            JSON.stringify(params),
            parent ?? null,
            clock(),
          )
        }
      }),

    createAttempt: (lease, trial) =>
      holding(lease, () => {
        const row = sqlite.get(
          'SELECT attempts, finished_at FROM trial WHERE study_id = ? AND number = ?',
          lease.study,
          trial,
        )
        if (!row || row.finished_at !== null) {
          throw new DynotuneError(
            'store.fenced',
            `Trial ${trial} cannot be attempted: it has ended or does not exist.`,
            { value: trial },
          )
        }
        const ordinal = Number(row.attempts) + 1
        if (ordinal > 1) supersede(lease.study, trial)
        const { id: fence } = sqlite.run(
          'INSERT INTO attempt (study_id, number, ordinal, submitted_at) VALUES (?, ?, ?, ?)',
          lease.study,
          trial,
          ordinal,
          clock(),
        )
        sqlite.run(
          "UPDATE trial SET fence = ?, attempts = ?, state = 'waiting' WHERE study_id = ? AND number = ?",
          fence,
          ordinal,
          lease.study,
          trial,
        )
        return { fence, ordinal }
      }),

    isCurrent: (fence) => trialOf(fence) !== undefined,

    recordStart: (fence, environment) =>
      sqlite.transaction(() => {
        const { study, number } = current(fence)
        sqlite.run(
          'UPDATE attempt SET started_at = ?, environment_id = ? WHERE fence = ?',
          clock(),
          environmentId(environment),
          fence,
        )
        sqlite.run("UPDATE trial SET state = 'running' WHERE study_id = ? AND number = ?", study, number)
      }),

    recordMeasurements: (fence, measurements) =>
      sqlite.transaction(() => {
        current(fence)
        for (const { step, time, metrics } of measurements) {
          sqlite.run(
            'INSERT OR REPLACE INTO measurement (fence, step, time, metrics) VALUES (?, ?, ?, ?)',
            fence,
            step,
            time,
            toJson(metrics),
          )
        }
      }),

    finishTrial: (lease, fence, end, output) =>
      holding(lease, () => {
        const { study, number } = current(fence)
        endAttempt(fence, end.state, end.reason, output)
        endTrial(study, number, end)
      }),

    dropTrial: (lease, trial, reason) =>
      holding(lease, () => {
        assertUnfinished(sqlite, lease.study, trial)
        supersede(lease.study, trial)
        // None of its attempts is what it ended by: its time would count until now.
        sqlite.run('UPDATE trial SET fence = NULL WHERE study_id = ? AND number = ?', lease.study, trial)
        endTrial(lease.study, trial, { state: 'failed', reason })
      }),

    loseAttempt: (lease, fence, reason, output) =>
      holding(lease, () => {
        const { study, number } = current(fence)
        endAttempt(fence, 'lost', reason, output)
        sqlite.run("UPDATE trial SET state = 'waiting' WHERE study_id = ? AND number = ?", study, number)
      }),

    engineVersions({ id }) {
      // Of the columns beside MIN, SQLite gives those of the row that has it.
      const rows = sqlite.all(
        `SELECT json_extract(e.fields, '$.engine') AS engine, json_extract(e.fields, '$.engineVersion') AS version,
         MIN(a.fence) FROM attempt a JOIN environment e ON e.id = a.environment_id
         WHERE a.study_id = ? AND version IS NOT NULL GROUP BY engine`,
        id,
      )
      return Object.fromEntries(rows.map(({ engine, version }) => [String(engine), String(version)]))
    },

    countLost(study, trial, codes) {
      const row = sqlite.get(
        `SELECT COUNT(*) AS count FROM attempt WHERE study_id = ? AND number = ? AND outcome = 'lost'
         AND json_extract(reason, '$.code') IN (SELECT value FROM json_each(?))`,
        study,
        trial,
        JSON.stringify(codes),
      )
      return Number(row?.count ?? 0)
    },

    recordTest: (lease, trial, metrics) =>
      holding(lease, () => {
        sqlite.run(
          'UPDATE study SET test = ? WHERE id = ?',
          `{"trial":${trial},"metrics":${toJson(metrics)}}`,
          lease.study,
        )
      }),

    close: () => sqlite.close(),
  }
}
