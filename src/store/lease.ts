import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { DynotuneError } from '../errors.ts'
import { dropRequests } from './requests.ts'
import type { Sqlite } from './sqlite.ts'

/** A lease that has not been renewed for this long is anyone's. */
export const LEASE_SECONDS = 30

/** The right to schedule a study: held by one process at a time. */
export interface Lease {
  readonly study: number
  readonly token: string
}

/** The process that schedules a study. */
export interface LeaseHolder {
  readonly host: string
  readonly pid: number
  /** Since it took the lease. */
  readonly seconds: number
  /** Whether it starts no trials for now, as it was asked to. */
  readonly paused: boolean
}

/**
 * Takes the lease on a study. What was asked of an earlier holder is forgotten, except that a trial was to be cancelled.
 * @throws DynotuneError `study.locked`, naming owner and age, while another live process holds it
 */
export function takeLease(sqlite: Sqlite, study: number, now: number): Lease {
  const token = randomUUID()
  sqlite.transaction(() => {
    const holder = leaseHolder(sqlite, study, now)
    if (holder) throw locked(holder)
    dropRequests(sqlite, study)
    sqlite.run(
      'INSERT OR REPLACE INTO lease (study_id, token, host, pid, pid_started, acquired_at, renewed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      study,
      token,
      hostname(),
      process.pid,
      processStart(process.pid) ?? null,
      now,
      now,
    )
  })
  return { study, token }
}

/** Who holds the lease on a study now; undefined when nobody does, or nobody that is alive. */
export function leaseHolder(sqlite: Sqlite, study: number, now: number): LeaseHolder | undefined {
  const row = sqlite.get('SELECT * FROM lease WHERE study_id = ?', study)
  if (!row) return undefined
  const { host, pid, pid_started: started, acquired_at: acquired, renewed_at: renewed, paused } = row
  const seconds = (now - Number(acquired)) / 1000
  const holder = { host: String(host), pid: Number(pid), seconds, paused: paused === 1 }
  const stale = now - Number(renewed) >= LEASE_SECONDS * 1000
  return stale || isGone(holder, started === null ? undefined : String(started)) ? undefined : holder
}

/** @throws DynotuneError `store.lease_lost` when another process has taken the study over */
export function renewLease(sqlite: Sqlite, lease: Lease, now: number): void {
  const { changes } = sqlite.run(
    'UPDATE lease SET renewed_at = ? WHERE study_id = ? AND token = ?',
    now,
    lease.study,
    lease.token,
  )
  if (changes === 0) throw lost()
}

/** Called inside every transaction of a scheduler, so that one that was asleep cannot write over its successor. */
export function assertLease(sqlite: Sqlite, lease: Lease): void {
  if (!sqlite.get('SELECT 1 FROM lease WHERE study_id = ? AND token = ?', lease.study, lease.token)) throw lost()
}

export function releaseLease(sqlite: Sqlite, lease: Lease): void {
  sqlite.run('DELETE FROM lease WHERE study_id = ? AND token = ?', lease.study, lease.token)
}

/** Whether a holder can be known to be dead: only a process of this machine can. */
function isGone({ host, pid }: Pick<LeaseHolder, 'host' | 'pid'>, started: string | undefined): boolean {
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  const current = processStart(pid)
  return started !== undefined && current !== undefined && current !== started
}

/** When a process started, in clock ticks since boot, where the system tells (Linux): tells a reused pid apart. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended and only waits for its parent.
    return fields[0] === 'Z' ? 'ended' : fields[19]
  } catch {
    return undefined
  }
}

function locked({ host, pid, seconds }: LeaseHolder): DynotuneError {
  return new DynotuneError(
    'study.locked',
    `The study is being run by process ${pid} on ${host}, since ${Math.round(seconds)} s.`,
    {
      value: `${host}:${pid}`,
      remedy: 'wait for it or stop it; --fresh starts a study of its own',
    },
  )
}

function lost(): DynotuneError {
  return new DynotuneError('store.lease_lost', 'Another process has taken over this study, so this one stops.', {
    remedy: 'nothing is lost; look for the other process with: dynotune list',
  })
}
