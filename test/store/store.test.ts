import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { float } from '../../src/space/domain.ts'
import { LEASE_SECONDS } from '../../src/store/lease.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { defineStudy, type StudyDefinition, studyDigest } from '../../src/study/study.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const { definition } = defineStudy({
  name: 'sample',
  space: { x: float(0, 1) },
  metric: 'loss',
  goal: 'minimize',
  budget: { trials: 10 },
  run: () => 0,
})

const NOW = Date.UTC(2026, 0, 1)

function freshStore(path = join(temporaryFolder(), 'studies.db'), clock = () => NOW): Store {
  const store = openStore(path, clock, { timeout: 100 })
  onTestFinished(() => store.close())
  return store
}

function createStudy(store: Store, changes: Partial<StudyDefinition> = {}) {
  const changed = { ...definition, ...changes }
  return store.createStudy({
    definition: changed,
    digest: studyDigest(changed),
    source: { path: 'sample.ts', digest: 'abc' },
  })
}

/** A store with one study, its lease and one trial that has an attempt. */
function started() {
  const store = freshStore()
  const study = createStudy(store)
  const lease = store.takeLease(study)
  store.createTrials(lease, [{ number: 0, params: { x: 0.5 } }])
  const { fence } = store.createAttempt(lease, 0)
  return { store, study, lease, fence }
}

describe('studies', () => {
  test('come back as they were stored, after the file was closed and opened', () => {
    const path = join(temporaryFolder(), 'deep', 'studies.db')
    const store = openStore(path, () => NOW)
    const created = createStudy(store)
    store.close()
    const found = freshStore(path).findStudy('sample')
    expect(found).toEqual(created)
    expect(found).toMatchObject({
      number: 1,
      definition,
      createdAt: '2026-01-01T00:00:00.000Z',
      source: { path: 'sample.ts', digest: 'abc' },
    })
  })

  test('of one name are numbered, and the latest is found by default', () => {
    const store = freshStore()
    createStudy(store)
    const second = createStudy(store, { seed: 2 })
    createStudy(store, { name: 'other' })
    expect(store.findStudy('sample')).toEqual(second)
    expect(store.findStudy('sample', 1)?.definition.seed).toBe(0)
    expect(store.findStudy('sample', 3)).toBeUndefined()
    expect(store.findStudy('absent')).toBeUndefined()
    expect(store.listStudies().map(({ study }) => `${study.name}#${study.number}`)).toEqual([
      'other#1',
      'sample#1',
      'sample#2',
    ])
  })
})

describe('a trial', () => {
  test('goes from waiting over running to complete, with its curve, output and environment', () => {
    const { store, study, lease, fence } = started()
    const archive = store.archive(study)
    expect(archive.trials()).toMatchObject([{ number: 0, params: { x: 0.5 }, state: 'waiting', attempts: 1 }])
    store.recordStart(fence, { node: '24' })
    expect(archive.trials()[0]?.state).toBe('running')
    store.recordMeasurements(fence, [
      { step: 1, time: 0.1, metrics: { loss: 3 } },
      {
        step: 2,
        time: 0.2,
        metrics: { loss: Number.NaN, best: Number.POSITIVE_INFINITY, worst: Number.NEGATIVE_INFINITY },
      },
    ])
    store.finishTrial(lease, fence, { state: 'complete', value: 2, metrics: { loss: 2, accuracy: 0.9 } }, 'hello\n')
    expect(archive.trials()).toEqual([
      {
        number: 0,
        params: { x: 0.5 },
        state: 'complete',
        value: 2,
        metrics: { loss: 2, accuracy: 0.9 },
        attempts: 1,
        seconds: 0,
        environment: { node: '24' },
      },
    ])
    expect(archive.measurements(0)).toEqual([
      { step: 1, time: 0.1, metrics: { loss: 3 } },
      {
        step: 2,
        time: 0.2,
        metrics: { loss: Number.NaN, best: Number.POSITIVE_INFINITY, worst: Number.NEGATIVE_INFINITY },
      },
    ])
    expect(archive.output(0)).toBe('hello\n')
    expect(store.countTrials(study)).toEqual({ complete: 1 })
  })

  test('that is attempted again refuses everything of the attempt before', () => {
    const { store, study, lease, fence } = started()
    const second = store.createAttempt(lease, 0)
    expect(second).toEqual({ fence: fence + 1, ordinal: 2 })
    const end = { state: 'complete', value: 1, metrics: { loss: 1 } } as const
    for (const act of [
      () => store.recordStart(fence, {}),
      () => store.recordMeasurements(fence, [{ step: 1, time: 0, metrics: { loss: 1 } }]),
      () => store.finishTrial(lease, fence, end, ''),
      () => store.loseAttempt(lease, fence, { code: 'trial.crashed', message: '' }, ''),
    ]) {
      expect(thrownBy(act).code).toBe('store.fenced')
    }
    store.finishTrial(lease, second.fence, end, '')
    expect(store.archive(study).trials()).toMatchObject([{ state: 'complete', value: 1, attempts: 2 }])
  })

  test('that has ended can neither be ended again nor attempted again', () => {
    const { store, study, lease, fence } = started()
    store.finishTrial(lease, fence, { state: 'infeasible', reason: { code: 'trial.diverged', message: 'NaN' } }, '')
    expect(thrownBy(() => store.finishTrial(lease, fence, { state: 'complete', value: 1 }, '')).code).toBe(
      'store.fenced',
    )
    expect(thrownBy(() => store.createAttempt(lease, 0)).code).toBe('store.fenced')
    expect(store.archive(study).trials()).toMatchObject([
      { state: 'infeasible', reason: { code: 'trial.diverged', message: 'NaN' } },
    ])
  })

  test('keeps the curve up to the step it resumed from, and drops what a later attempt trains again', () => {
    const { store, study, lease, fence } = started()
    const measure = (of: number, steps: number[], loss: number) =>
      store.recordMeasurements(
        of,
        steps.map((step) => ({ step, time: step, metrics: { loss } })),
      )
    store.recordStart(fence, {})
    measure(fence, [10, 20, 30, 40], 1)
    const second = store.createAttempt(lease, 0)
    expect(store.archive(study).measurements(0)).toHaveLength(4)
    store.recordStart(second.fence, {})
    measure(second.fence, [25, 35], 2)
    const curve = () =>
      store
        .archive(study)
        .measurements(0)
        .map(({ step, metrics }) => [step, metrics.loss])
    expect(curve()).toEqual([
      [10, 1],
      [20, 1],
      [25, 2],
      [35, 2],
    ])
    const third = store.createAttempt(lease, 0)
    store.recordStart(third.fence, {})
    measure(third.fence, [10], 3)
    expect(curve()).toEqual([[10, 3]])
  })

  test('counts its lost attempts by cause', () => {
    const { store, study, lease, fence } = started()
    store.loseAttempt(lease, fence, { code: 'trial.crashed', message: '' }, '')
    store.loseAttempt(lease, store.createAttempt(lease, 0).fence, { code: 'trial.cancelled', message: '' }, '')
    store.loseAttempt(lease, store.createAttempt(lease, 0).fence, { code: 'trial.silent', message: '' }, '')
    expect(store.countLost(study.id, 0, ['trial.crashed', 'trial.silent'])).toBe(2)
    expect(store.countLost(study.id, 0, ['trial.cancelled'])).toBe(1)
    expect(store.archive(study).trials()[0]?.state).toBe('waiting')
  })

  test('that is dropped has failed for good, and what an attempt of it still says is refused', () => {
    const { store, study, lease, fence } = started()
    store.recordStart(fence, { node: '24' })
    const reason = { code: 'trial.cancelled', message: 'Cancelled.' } as const
    store.dropTrial(lease, 0, reason)
    const [trial] = store.archive(study).trials()
    expect(trial).toMatchObject({ state: 'failed', reason, attempts: 1 })
    // However long ago the attempt began: nobody knows how long it trained.
    expect(trial?.seconds).toBeUndefined()
    expect(store.isCurrent(fence)).toBe(false)
    expect(thrownBy(() => store.finishTrial(lease, fence, { state: 'complete', value: 1 }, '')).code).toBe(
      'store.fenced',
    )
    expect(thrownBy(() => store.createAttempt(lease, 0)).code).toBe('store.fenced')
  })

  test('is created once: a batch with a number that exists leaves nothing behind', () => {
    const { store, study, lease } = started()
    expect(() =>
      store.createTrials(lease, [
        { number: 1, params: { x: 1 } },
        { number: 0, params: { x: 0 } },
      ]),
    ).toThrow(/UNIQUE/)
    expect(
      store
        .archive(study)
        .trials()
        .map(({ number }) => number),
    ).toEqual([0])
  })
})

describe('a lease', () => {
  test('refuses a second owner, naming the first and how long it has had it', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const study = createStudy(freshStore(path))
    freshStore(path).takeLease(study)
    const error = thrownBy(() => freshStore(path, () => NOW + 7000).takeLease(study))
    expect(error).toMatchObject({ code: 'study.locked', value: `${hostname()}:${process.pid}` })
    expect(error.message).toContain(`process ${process.pid} on ${hostname()}, since 7 s`)
  })

  test('passes on when released, when stale, and at once when its process is dead', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const store = freshStore(path)
    const study = createStudy(store)
    store.releaseLease(store.takeLease(study))
    store.takeLease(study)
    const late = freshStore(path, () => NOW + (LEASE_SECONDS + 1) * 1000)
    const lease = late.takeLease(study)
    expect(lease.study).toBe(study.id)
    const { pid } = spawnSync('true')
    const raw = new DatabaseSync(path)
    raw.prepare('UPDATE lease SET pid = ?').run(pid)
    raw.close()
    expect(late.takeLease(study).token).not.toBe(lease.token)
  })

  test('that was taken over stops its former owner from writing', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const store = freshStore(path)
    const study = createStudy(store)
    const lease = store.takeLease(study)
    store.createTrials(lease, [{ number: 0, params: { x: 0 } }])
    const { fence } = store.createAttempt(lease, 0)
    freshStore(path, () => NOW + (LEASE_SECONDS + 1) * 1000).takeLease(study)
    for (const act of [
      () => store.renewLease(lease),
      () => store.createTrials(lease, [{ number: 1, params: { x: 0 } }]),
      () => store.createAttempt(lease, 0),
      () => store.finishTrial(lease, fence, { state: 'complete', value: 1 }, ''),
      () => store.updateDefinition(lease, definition, studyDigest(definition)),
      () => store.recordTest(lease, 0, {}),
    ]) {
      expect(thrownBy(act).code).toBe('store.lease_lost')
    }
  })
})

describe('a request', () => {
  test('reaches whoever holds the lease, once and in order, from another process too; that to cancel a trial until it has ended', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const store = freshStore(path)
    const study = createStudy(store)
    const lease = store.takeLease(study)
    store.createTrials(lease, [
      { number: 0, params: { x: 0 } },
      { number: 1, params: { x: 1 } },
    ])
    const { fence } = store.createAttempt(lease, 0)
    expect(store.takeRequests(lease)).toEqual([])
    const other = freshStore(path, () => NOW + 3000)
    const holder = { host: hostname(), pid: process.pid, seconds: 3, paused: false }
    expect(other.ask(study, { kind: 'pause' })).toEqual(holder)
    expect(other.ask(study, { kind: 'cancel', trial: 0 })).toEqual(holder)
    expect(other.ask(study, { kind: 'resume' })).toEqual(holder)
    expect(other.ask(study, { kind: 'cancel', trial: 1 })).toEqual(holder)
    expect(store.takeRequests(lease)).toEqual([
      { kind: 'pause' },
      { kind: 'cancel', trial: 0 },
      { kind: 'resume' },
      { kind: 'cancel', trial: 1 },
    ])
    expect(store.takeRequests(lease)).toEqual([
      { kind: 'cancel', trial: 0 },
      { kind: 'cancel', trial: 1 },
    ])
    store.finishTrial(lease, fence, { state: 'complete', value: 1 }, '')
    expect(store.takeRequests(lease)).toEqual([{ kind: 'cancel', trial: 1 }])
    store.dropTrial(lease, 1, { code: 'trial.cancelled', message: '' })
    expect(store.takeRequests(lease)).toEqual([])
  })

  test('is of no study but its own, and is refused to whoever lost the lease', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const store = freshStore(path)
    const [one, two] = [createStudy(store), createStudy(store)]
    const leases = [store.takeLease(one), store.takeLease(two)] as const
    store.ask(one, { kind: 'cancel' })
    expect(store.takeRequests(leases[1])).toEqual([])
    const late = freshStore(path, () => NOW + (LEASE_SECONDS + 1) * 1000)
    const lease = late.takeLease(one)
    late.ask(one, { kind: 'pause' })
    expect(thrownBy(() => store.takeRequests(leases[0])).code).toBe('store.lease_lost')
    expect(thrownBy(() => store.recordPaused(leases[0], true)).code).toBe('store.lease_lost')
    expect(thrownBy(() => store.dropTrial(leases[0], 0, { code: 'trial.cancelled', message: '' })).code).toBe(
      'store.lease_lost',
    )
    expect(late.takeRequests(lease)).toEqual([{ kind: 'pause' }])
  })

  test('has nobody to go to while nobody runs the study; the next to run it hears of cancelled trials alone', () => {
    const { store, study, lease } = started()
    store.ask(study, { kind: 'cancel' })
    store.ask(study, { kind: 'cancel', trial: 0 })
    store.recordPaused(lease, true)
    expect(store.listStudies()[0]?.holder?.paused).toBe(true)
    store.releaseLease(lease)
    expect(store.ask(study, { kind: 'pause' })).toBeUndefined()
    const next = store.takeLease(study)
    expect(store.listStudies()[0]?.holder?.paused).toBe(false)
    expect(store.takeRequests(next)).toEqual([{ kind: 'cancel', trial: 0 }])
  })

  test('about a trial that is not there or has ended is refused', () => {
    const { store, study, lease, fence } = started()
    expect(thrownBy(() => store.ask(study, { kind: 'cancel', trial: 1 }))).toMatchObject({
      code: 'study.unknown_trial',
      value: 1,
    })
    store.finishTrial(lease, fence, { state: 'complete', value: 1 }, '')
    expect(thrownBy(() => store.ask(study, { kind: 'cancel', trial: 0 }))).toMatchObject({
      code: 'study.finished_trial',
      message: expect.stringContaining('complete'),
    })
    expect(thrownBy(() => store.dropTrial(lease, 0, { code: 'trial.cancelled', message: '' })).code).toBe(
      'study.finished_trial',
    )
  })
})

describe('opening', () => {
  const refused = (path: string) => thrownBy(() => openStore(path, () => NOW, { timeout: 50 }))

  test('a file that is not a database says so and leaves it alone', () => {
    const path = join(temporaryFolder(), 'notes.txt')
    writeFileSync(path, 'not a database, '.repeat(100))
    expect(refused(path)).toMatchObject({ code: 'store.corrupt', path, remedy: expect.stringContaining('--db') })
  })

  test('a database of another program says so', () => {
    const path = join(temporaryFolder(), 'other.db')
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE a (b)')
    other.close()
    expect(refused(path)).toMatchObject({
      code: 'store.corrupt',
      message: expect.stringContaining('not one of Dynotune'),
    })
  })

  test('a damaged database says so', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const store = openStore(path)
    const study = createStudy(store)
    const lease = store.takeLease(study)
    store.createTrials(
      lease,
      Array.from({ length: 2000 }, (_, number) => ({ number, params: { x: number } })),
    )
    store.close()
    const raw = new DatabaseSync(path)
    const pages = Number(raw.prepare('PRAGMA page_count').get()?.page_count)
    raw.close()
    const size = 4096 * pages
    const damage = Buffer.alloc(size - 4096 * 3, 0xa5)
    writeFileSync(path, damage, { flag: 'r+' })
    expect(['store.corrupt']).toContain(
      thrownBy(() => {
        const broken = openStore(path)
        onTestFinished(() => broken.close())
        broken.archive(study).trials()
      }).code,
    )
  })

  test('a newer schema names both versions', () => {
    const path = join(temporaryFolder(), 'studies.db')
    openStore(path).close()
    const raw = new DatabaseSync(path)
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    expect(refused(path)).toMatchObject({
      code: 'store.newer',
      value: 99,
      message: expect.stringMatching(/99.*knows 4/),
      remedy: expect.stringContaining('upgrade'),
    })
  })

  test('a database of the first schema is brought up to date with all that it holds', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const raw = new DatabaseSync(path)
    raw.exec(readFileSync(new URL('../fixtures/store/schema-1.sql', import.meta.url), 'utf8'))
    raw.close()
    const store = openStore(path)
    onTestFinished(() => store.close())
    const study = store.findStudy('first')
    if (!study) throw new Error('The study is gone.')
    const archive = store.archive(study)
    expect(study.digest).toBe(studyDigest(study.definition))
    expect(archive.trials()).toMatchObject([
      { state: 'complete', value: 0.599047099043205, params: { optimizer: 'adam' }, environment: { engine: 'cpu' } },
      { state: 'complete', params: { optimizer: 'sgd', 'sgd.momentum': 0.18996148565888069 } },
      { state: 'failed', reason: { message: 'Error: no such layer' } },
      { state: 'infeasible' },
    ])
    expect(archive.measurements(1).map(({ step }) => step)).toEqual([1, 2])
    const lease = store.takeLease(study)
    store.createTrials(lease, [{ number: 4, params: { x: 0.5, optimizer: 'adam' }, parent: 0 }])
    expect(store.createAttempt(lease, 4)).toEqual({ fence: 5, ordinal: 1 })
    expect(archive.trials()[4]).toMatchObject({ state: 'waiting', parent: 0 })
  })

  test('a database of the second schema is brought up to date: who ran it, its trials and their attempts', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const raw = new DatabaseSync(path)
    raw.exec(readFileSync(new URL('../fixtures/store/schema-2.sql', import.meta.url), 'utf8'))
    raw.close()
    // While whoever ran it may still live.
    const store = freshStore(path, () => 1_795_300_010_000)
    const [listed] = store.listStudies()
    expect(listed).toMatchObject({
      study: { name: 'second', test: { trial: 0, metrics: { testLoss: 0.3 } } },
      counts: { complete: 1, running: 1, waiting: 2 },
      holder: { host: 'elsewhere', pid: 4711, seconds: 9.5, paused: false },
    })
    if (!listed) return
    expect(store.ask(listed.study, { kind: 'pause' })).toMatchObject({ host: 'elsewhere' })
    const archive = store.archive(listed.study)
    expect(archive.trials()).toMatchObject([
      { state: 'complete', value: 0.25, attempts: 1 },
      { state: 'running', attempts: 2 },
      { state: 'waiting', attempts: 1 },
      { state: 'waiting', attempts: 0, parent: 0 },
    ])
    expect(archive.output(0)).toBe('hello\n')
    expect(store.countLost(listed.study.id, 1, ['trial.crashed'])).toBe(1)
  })

  test('a database of the third schema is brought up to date: what was asked of it, and room for the study itself', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const raw = new DatabaseSync(path)
    raw.exec(readFileSync(new URL('../fixtures/store/schema-3.sql', import.meta.url), 'utf8'))
    raw.close()
    const store = freshStore(path, () => 1_795_300_010_000)
    const [listed] = store.listStudies()
    expect(listed).toMatchObject({
      study: { name: 'third', identity: '0123456789abcdef' },
      counts: { complete: 1, running: 1, waiting: 2 },
      holder: { host: 'elsewhere', paused: true },
    })
    if (!listed) return
    expect(store.bundleOf(listed.study)).toBeUndefined()
    const later = freshStore(path, () => 1_795_300_100_000)
    expect(later.holder(listed.study)).toBe('left')
    const lease = later.takeLease(listed.study)
    expect(later.takeRequests(lease)).toEqual([{ kind: 'cancel', trial: 2 }])
    later.keepBundle(lease, { digest: 'a', code: 'old' })
    later.keepBundle(lease, { digest: 'b', code: 'new' })
    expect(store.bundleOf(listed.study)).toEqual({ digest: 'b', code: 'new' })
    expect(later.holder(listed.study)).toMatchObject({ pid: process.pid })
    later.releaseLease(lease)
    expect(later.holder(listed.study)).toBeUndefined()
  })

  test('a locked database says so instead of waiting for ever', () => {
    const path = join(temporaryFolder(), 'studies.db')
    const holder = new DatabaseSync(path)
    onTestFinished(() => holder.close())
    holder.exec('BEGIN EXCLUSIVE; CREATE TABLE held (a)')
    expect(refused(path)).toMatchObject({ code: 'store.locked', path })
  })

  test('a path that cannot be made says so', () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(refused(join(file, 'below', 'studies.db'))).toMatchObject({ code: 'store.unwritable' })
    // Where creating a folder fails as if the one above were missing.
    expect(refused('/proc/deep/studies.db')).toMatchObject({ code: 'store.unwritable' })
    expect(refused(temporaryFolder())).toMatchObject({ code: 'store.unwritable' })
  })
})

test('a full disk is a typed error, rolls back, and what was committed before stays', () => {
  const path = join(temporaryFolder(), 'plain.db')
  const sqlite = openSqlite(path)
  onTestFinished(() => sqlite.close())
  sqlite.script('PRAGMA journal_mode = WAL; PRAGMA max_page_count = 20; CREATE TABLE kept (text TEXT) STRICT')
  sqlite.run('INSERT INTO kept VALUES (?)', 'before')
  const error = thrownBy(() =>
    sqlite.transaction(() => {
      for (;;) sqlite.run('INSERT INTO kept VALUES (?)', 'x'.repeat(1000))
    }),
  )
  expect(error).toMatchObject({ code: 'store.full', path, remedy: expect.stringContaining('run the study again') })
  expect(sqlite.all('SELECT text FROM kept')).toEqual([{ text: 'before' }])
})
