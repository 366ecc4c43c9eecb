import { DynotuneError } from '../errors.ts'
import type { Sqlite } from './sqlite.ts'

/** `Dyno` in ASCII: marks a file as ours, https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x44796e6f

/** One script a version; a script that has been released never changes. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    definition TEXT NOT NULL,
    source_path TEXT,
    source_digest TEXT,
    created_at INTEGER NOT NULL,
    test TEXT,
    UNIQUE (name, number)
  ) STRICT;
  CREATE TABLE lease (
    study_id INTEGER PRIMARY KEY REFERENCES study (id),
    token TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    pid_started TEXT,
    acquired_at INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE environment (
    id INTEGER PRIMARY KEY,
    fields TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE trial (
    study_id INTEGER NOT NULL REFERENCES study (id),
    number INTEGER NOT NULL,
    params TEXT NOT NULL,
    state TEXT NOT NULL,
    value REAL,
    metrics TEXT,
    reason TEXT,
    fence INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (study_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt (
    fence INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    environment_id INTEGER REFERENCES environment (id),
    submitted_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    outcome TEXT,
    reason TEXT,
    output TEXT,
    FOREIGN KEY (study_id, number) REFERENCES trial (study_id, number)
  ) STRICT;
  CREATE INDEX attempt_by_trial ON attempt (study_id, number);
  CREATE TABLE measurement (
    fence INTEGER NOT NULL REFERENCES attempt (fence),
    step INTEGER NOT NULL,
    time REAL NOT NULL,
    metrics TEXT NOT NULL,
    PRIMARY KEY (fence, step)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE trial ADD COLUMN parent INTEGER;
  `,
  `
  ALTER TABLE study ADD COLUMN identity TEXT;
  UPDATE study SET identity = lower(hex(randomblob(8)));
  ALTER TABLE lease ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    study_id INTEGER NOT NULL REFERENCES study (id),
    kind TEXT NOT NULL,
    trial INTEGER,
    asked_at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE bundle (
    digest TEXT PRIMARY KEY,
    code TEXT NOT NULL
  ) STRICT;
  ALTER TABLE study ADD COLUMN bundle TEXT REFERENCES bundle (digest);
  `,
]

/** Brings a database to the newest schema; refuses one that is newer than this version knows, or not ours. */
export function migrate(sqlite: Sqlite, path: string): void {
  const version = pragma(sqlite, 'user_version')
  if (version === MIGRATIONS.length && pragma(sqlite, 'application_id') === APPLICATION_ID) return
  sqlite.transaction(() => {
    // Read again inside the transaction: another process may have migrated meanwhile.
    const current = pragma(sqlite, 'user_version')
    if (pragma(sqlite, 'application_id') !== APPLICATION_ID && (current > 0 || hasTables(sqlite))) {
      throw new DynotuneError('store.corrupt', 'The file is a database, but not one of Dynotune.', {
        path,
        remedy: 'name another file with --db',
      })
    }
    if (current > MIGRATIONS.length) {
      throw new DynotuneError(
        'store.newer',
        `The database was written by a newer version: its schema is ${current}, this one knows ${MIGRATIONS.length}.`,
        {
          path,
          value: current,
          remedy: 'upgrade dynotune, or name another file with --db',
        },
      )
    }
    for (const script of MIGRATIONS.slice(current)) sqlite.script(script)
    sqlite.script(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`)
  })
}

function pragma(sqlite: Sqlite, name: 'user_version' | 'application_id'): number {
  return Number(sqlite.get(`PRAGMA ${name}`)?.[name] ?? 0)
}

function hasTables(sqlite: Sqlite): boolean {
  return sqlite.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined
}
