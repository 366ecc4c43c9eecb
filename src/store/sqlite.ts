import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { DynotuneError, type ErrorCode } from '../errors.ts'
import { makeFolder } from './make-folder.ts'

export type Row = Readonly<Record<string, SQLInputValue | undefined>>

/** The few verbs the store needs of SQLite. The only file that knows `node:sqlite`. */
export interface Sqlite {
  run(sql: string, ...values: SQLInputValue[]): { readonly id: number; readonly changes: number }
  get(sql: string, ...values: SQLInputValue[]): Row | undefined
  all(sql: string, ...values: SQLInputValue[]): Row[]
  script(sql: string): void
  /** Runs `work` in one transaction: all of it is committed, or none. Inside of another, all of it is part of that, or none. */
  transaction<T>(work: () => T): T
  close(): void
}

/** Opens a database file, making its folder if need be; `:memory:` for one that is never written. */
export function openSqlite(path: string, { timeout = 5000 } = {}): Sqlite {
  const guard = guardFor(path)
  const database = guard(() => {
    if (path !== ':memory:') makeFolder(dirname(path))
    return new DatabaseSync(path, { timeout })
  })
  const statements = new Map<string, StatementSync>()

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return {
    run: (sql, ...values) =>
      guard(() => {
        const { lastInsertRowid, changes } = prepare(sql).run(...values)
        return { id: Number(lastInsertRowid), changes: Number(changes) }
      }),
    get: (sql, ...values) => guard(() => prepare(sql).get(...values)),
    all: (sql, ...values) => guard(() => prepare(sql).all(...values)),
    script: (sql) => guard(() => database.exec(sql)),
    transaction(work) {
      const [begin, end, undo] = database.isTransaction ? NESTED : OUTER
      guard(() => prepare(begin).run())
      try {
        const result = work()
        guard(() => prepare(end).run())
        return result
      } catch (error) {
        // A full disk makes SQLite roll back by itself; a second rollback would hide the first error.
        if (database.isTransaction) database.exec(undo)
        throw error
      }
    },
    close: () => database.close(),
  }
}

const OUTER = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const
const NESTED = ['SAVEPOINT verb', 'RELEASE verb', 'ROLLBACK TO verb; RELEASE verb'] as const

/** Primary result codes, https://www.sqlite.org/rescode.html */
const PROBLEMS: Readonly<Record<number, readonly [ErrorCode, string, string]>> = {
  5: ['store.locked', 'The database is locked by another process.', 'wait for it, or end the process that holds it'],
  8: ['store.unwritable', 'The database cannot be written.', 'check its permissions, or name another file with --db'],
  10: ['store.unwritable', 'Reading or writing the database failed.', 'check the disk; what was committed is safe'],
  11: ['store.corrupt', 'The database file is damaged.', 'restore it from a copy, or name another file with --db'],
  13: [
    'store.full',
    'The disk is full, so nothing more can be recorded.',
    'free some space and run the study again: what was committed is safe and it will continue',
  ],
  14: [
    'store.unwritable',
    'The database file cannot be opened.',
    'check the path and its permissions, or name another file with --db',
  ],
  26: ['store.corrupt', 'The file is not a database.', 'name another file with --db'],
}

function guardFor(path: string) {
  return <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw translate(error, path)
    }
  }
}

function translate(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const primary = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
  const system = 'code' in error && typeof error.code === 'string' ? SYSTEM[error.code] : undefined
  const problem = PROBLEMS[primary ?? system ?? -1]
  if (!problem) return error
  const [code, message, remedy] = problem
  return new DynotuneError(code, message, { path, remedy, cause: error })
}

/** What making the database's folder may run into. */
const SYSTEM: Readonly<Record<string, number>> = {
  ENOSPC: 13,
  EACCES: 14,
  EPERM: 14,
  EROFS: 14,
  ENOTDIR: 14,
  EEXIST: 14,
  ENOENT: 14,
}
