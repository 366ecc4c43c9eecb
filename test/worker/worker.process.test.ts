import { join } from 'node:path'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { namesUnder } from '../../src/queue/redis/names.ts'
import type { Progress } from '../../src/scheduler/progress.ts'
import { openRun } from '../../src/scheduler/run-study.ts'
import { openStore } from '../../src/store/store.ts'
import type { WorkerLog } from '../../src/worker/contract.ts'
import { startWorker } from '../../src/worker/worker.ts'
import study from '../fixtures/studies/patient.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { isAlive, until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll, redisForTest } from '../helpers/redis.ts'
import { behaving, openTestRun } from '../helpers/run.ts'
import { launch, shared, workerProcess } from '../helpers/workers.ts'

const MODULE = new URL('../fixtures/studies/patient.ts', import.meta.url).href
const QUICK = { everyMs: 200, lostAfterMs: 1000 }

type Shared = ReturnType<typeof shared>

/** A run of the study in this process, and what came of it. */
function opened(redis: Shared, { trials = 4, db = join(temporaryFolder(), 'studies.db'), overrides = {} } = {}) {
  const store = openStore(db)
  onTestFinished(() => store.close())
  const progress: Progress[] = []
  const run = openRun({
    ...{ study, module: MODULE, store },
    ...{ redis: { ...redis, ...QUICK }, overrides: { budget: { trials }, ...overrides } },
    onProgress: (event) => progress.push(event),
  })
  onTestFinished(() => run.scheduler.stop())
  const { archive } = { archive: store.archive(run.record) }
  const seen = (type: Progress['type']) => progress.filter((event) => event.type === type)
  return { db, run, progress, seen, archive, store }
}

/** That each trial ended once, and that its curve is the one of the attempt that ended it: steps 1 to the last, none missing. */
function expectWhole({ archive }: Pick<ReturnType<typeof opened>, 'archive'>, trials: number): void {
  const records = archive.trials()
  expect(records.map(({ state }) => state)).toEqual(Array(trials).fill('complete'))
  for (const { number, params, value } of records) {
    const curve = archive.measurements(number)
    expect(curve.map(({ step }) => step)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    if (curve.at(-1)?.metrics.begun === 0) expect(new Set(curve.map(({ metrics }) => metrics.pid)).size).toBe(1)
    expect(value).toBe((params as { x: number }).x)
  }
}

async function keysLeft(redis: Shared): Promise<string[]> {
  const client = new Redis(redis.url)
  const keys = await client.keys(`${redis.prefix}:*`)
  client.disconnect()
  // What there is one of, however many studies there were.
  return keys.filter(
    (key) => !/:bundle:|:control$|:workers$|:worker:|:(meta|id|events|pc|stalled|stalled-check|marker)$/.test(key),
  )
}

describe.skipIf(!hasRedis)(`workers${NO_REDIS}`, () => {
  const server = redisForAll({ aof: true })

  test('run a study between them, from nothing but its bundle; nothing stays in Redis', async () => {
    const redis = shared(server().url)
    await Promise.all([workerProcess({ ...redis, name: 'one' }), workerProcess({ ...redis, name: 'two', slots: 2 })])
    const test = opened(redis, { trials: 6 })
    const summary = await test.run.run()
    expectWhole(test, 6)
    const ran = new Set(test.archive.trials().map(({ environment }) => environment?.worker))
    expect(ran).toEqual(new Set(['one', 'two']))
    expect(summary.best?.value).toBe(Math.min(...test.archive.trials().map(({ value = 1 }) => value)))
    // The best trial was tested by what it had saved, wherever it had run.
    expect(summary.test).toEqual({ step: 50 })
    // Studies print what they like, and what they print is stored.
    expect(test.archive.output(0)).toContain('PATH')
    expect(test.archive.output(0)).not.toContain('DYNOTUNE_SECRET')
    expect(await keysLeft(redis)).toEqual([])
  })

  test('give the parameters that trainers of this machine give', async () => {
    const redis = shared(server().url)
    await workerProcess({ ...redis, slots: 2 })
    // Of a sampler that learns: whatever ended first.
    const overrides = { parallel: 2, sampler: 'gaussianProcess', reproducible: true, budget: { trials: 6 } }
    const over = opened(redis, { overrides })
    await over.run.run()
    const store = openStore(join(temporaryFolder(), 'studies.db'))
    onTestFinished(() => store.close())
    const here = openRun({ study, module: MODULE, store, overrides })
    await here.run()
    const told = store
      .archive(here.record)
      .trials()
      .map(({ params, value }) => ({ params, value }))
    expect(over.archive.trials().map(({ params, value }) => ({ params, value }))).toEqual(told)
  })

  test('share their slots between studies by weight, and give what one leaves to the other', async () => {
    const redis = shared(server().url)
    await workerProcess({ ...redis, slots: 4 })
    const light = opened(redis, { trials: 6 })
    const heavy = opened({ ...redis, weight: 3 } as Shared, { trials: 12 })
    const running = (run: typeof light) => run.seen('started').length - run.seen('finished').length
    const most = { light: 0, heavy: 0 }
    const done = Promise.all([light.run.run(), heavy.run.run()])
    await until(() => light.seen('finished').length > 0 && heavy.seen('finished').length > 0, 'both to be under way')
    while (heavy.seen('finished').length < 8) {
      most.light = Math.max(most.light, running(light))
      most.heavy = Math.max(most.heavy, running(heavy))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await done
    expect(most.heavy).toBeGreaterThan(most.light)
    for (const run of [light, heavy]) expect(run.archive.trials().every(({ state }) => state === 'complete')).toBe(true)
  })

  test('killed with -9, give up their trials to others, with their trainers', async () => {
    const redis = shared(server().url)
    const first = await workerProcess({ ...redis, slots: 2 })
    const test = opened(redis)
    const done = test.run.run()
    await until(() => test.seen('measured').length > 4, 'trials to run')
    const pids = [0, 1].map((trial) => test.archive.measurements(trial)[0]?.metrics.pid ?? 0)
    await first.kill()
    await until(() => !pids.some(isAlive), 'its trainers to be gone')
    await workerProcess({ ...redis, slots: 2 })
    await done
    expectWhole(test, 4)
    expect(test.seen('lost')).toHaveLength(2)
    expect(test.seen('lost')[0]).toMatchObject({ reason: { code: 'worker.lost' }, again: true })
    expect(await keysLeft(redis)).toEqual([])
  })

  test('that were stopped and go on find their trials given away, and add nothing to them', async () => {
    const redis = shared(server().url)
    const zombie = await workerProcess({ ...redis, name: 'zombie', slots: 2 })
    const test = opened(redis)
    const done = test.run.run()
    await until(() => test.seen('measured').length > 4, 'trials to run')
    process.kill(zombie.pid, 'SIGSTOP')
    await workerProcess({ ...redis, name: 'other', slots: 2 })
    await until(() => test.seen('lost').length > 0, 'its trials to be lost')
    await until(() => test.seen('started').length > 2, 'others to run them')
    process.kill(zombie.pid, 'SIGCONT')
    await done
    expectWhole(test, 4)
  })

  test('that are asked to leave hand back what they have, and it goes on elsewhere from its checkpoint', async () => {
    const redis = shared(server().url)
    const leaver = await workerProcess(redis)
    const test = opened(redis, { trials: 1 })
    const done = test.run.run()
    await until(() => test.seen('measured').length > 8, 'the trial to be under way')
    leaver.child.kill('SIGTERM')
    await until(() => leaver.child.exitCode !== null, 'it to leave')
    expect(leaver.child.exitCode).toBe(0)
    await until(() => test.seen('lost').length === 1, 'the trial to be handed back')
    expect(test.seen('lost')[0]).toMatchObject({ reason: { code: 'worker.drained' } })
    await workerProcess(redis)
    await done
    expectWhole(test, 1)
    expect(test.archive.measurements(0).at(-1)?.metrics.begun).toBeGreaterThanOrEqual(8)
  })

  test('go on when the scheduler is killed with -9, and what they did meanwhile is there for the next', async () => {
    const redis = shared(server().url)
    await workerProcess({ ...redis, slots: 2 })
    const db = join(temporaryFolder(), 'studies.db')
    const scheduler = launch('run', [MODULE, db, JSON.stringify({ ...redis, ...QUICK })])
    const store = openStore(db)
    onTestFinished(() => store.close())
    const pidOf = (trial: number) => {
      const record = store.findStudy('patient')
      return record && store.archive(record).measurements(trial)[0]?.metrics.pid
    }
    await until(() => pidOf(0) !== undefined && pidOf(1) !== undefined, 'two trials to run', 60)
    const pids = [pidOf(0), pidOf(1)]
    await scheduler.kill()
    // Longer than they take.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const test = opened(redis, { db })
    await test.run.run()
    expectWhole(test, 4)
    const [one, two] = test.archive.trials()
    // They ended while nobody scheduled: the same attempts, in the same trainers.
    expect([one?.attempts, two?.attempts]).toEqual([1, 1])
    expect(test.seen('lost')).toEqual([])
    expect([pidOf(0), pidOf(1)]).toEqual(pids)
    expect(await keysLeft(redis)).toEqual([])
  })

  test.each([true, false])('outlive Redis, restarted, with an append-only file: %s', async (aof) => {
    const own = await redisForTest({ aof })
    const redis = shared(own.url)
    await workerProcess({ ...redis, slots: 2 })
    const test = opened(redis, { trials: 6 })
    const done = test.run.run()
    await until(() => test.seen('finished').length >= 1 && test.seen('started').length >= 3, 'trials to run')
    await own.kill()
    await new Promise((resolve) => setTimeout(resolve, 500))
    await own.restart()
    await done
    expectWhole(test, 6)
    expect(await keysLeft(redis)).toEqual([])
  })

  test('that are asked to leave let what runs end, though it says nothing', async () => {
    const redis = shared(server().url)
    const worker = await startWorker({ ...redis, slots: 1, engine: 'cpu', cache: temporaryFolder() })
    onTestFinished(() => worker.close())
    const { run, progress, archive } = openTestRun(behaving('sleep', { budget: { trials: 1 } }), {
      redis: { ...redis, everyMs: 20, lostAfterMs: 50 },
    })
    const done = run.run()
    await until(() => worker.counts().running === 1, 'the trial to be under way')
    await worker.drain(20_000)
    await until(() => progress.some(({ type }) => type === 'finished'), 'the trial to end')
    // The test of the best trial would wait for another worker.
    run.scheduler.stop()
    await done
    expect(archive.trials()).toMatchObject([{ state: 'complete', attempts: 1 }])
    expect(progress.filter(({ type }) => type === 'lost')).toEqual([])
  })

  test('that cannot start trainers end with the reason', async () => {
    const redis = shared(server().url)
    const worker = await startWorker({ ...redis, slots: 1, engine: 'webgpu', devices: [99], cache: temporaryFolder() })
    onTestFinished(() => worker.close())
    await expect(worker.ended).rejects.toMatchObject({ code: 'runner.start' })
  })

  test('leave while Redis is away', async () => {
    const own = await redisForTest()
    const worker = await startWorker({ ...shared(own.url), slots: 1, engine: 'cpu', cache: temporaryFolder() })
    await own.kill()
    await worker.drain(1000)
    await worker.ended
    expect(worker.counts()).toMatchObject({ running: 0 })
  })

  test('a run ends when it is told to, though Redis is away', async () => {
    const own = await redisForTest()
    const { run, progress } = openTestRun(behaving('sleep'), { redis: shared(own.url) })
    const done = run.run()
    await until(() => progress.some(({ type }) => type === 'slots'), 'the run to begin')
    await own.kill()
    run.scheduler.stop()
    expect(await done).toMatchObject({ interrupted: true })
  })

  test('never run what is not signed, altered, or of another secret, and say so to whoever waits', async () => {
    const redis = shared(server().url)
    const said: string[] = []
    const tell = (about: object, text: string) => void said.push(`${text} ${JSON.stringify(about)}`)
    const log: WorkerLog = { info: tell, warn: tell, error: tell }
    const worker = await startWorker({ ...redis, slots: 1, engine: 'cpu', cache: temporaryFolder(), log })
    onTestFinished(() => worker.close())
    for (const secret of [undefined, 'another secret entirely']) {
      const test = opened({ ...redis, secret } as Shared)
      await expect(test.run.run()).rejects.toMatchObject({ code: 'worker.refused' })
      expect(test.seen('started')).toEqual([])
    }
    expect(worker.counts()).toMatchObject({ finished: 0, lost: 0 })
    expect(worker.counts().refused).toBeGreaterThanOrEqual(2)
    expect(said.join('\n')).not.toContain(redis.secret)
  })

  test('are not brought down by ten thousand malformed messages: each is counted, and said once', async () => {
    const redis = shared(server().url)
    const said: string[] = []
    const tell = (_: object, text: string) => void said.push(text)
    const worker = await startWorker({
      ...{ ...redis, slots: 4, engine: 'cpu', cache: temporaryFolder() },
      log: { info() {}, warn: tell, error: tell },
    })
    onTestFinished(() => worker.close())
    const names = namesUnder(redis.prefix)
    const client = new Redis(redis.url, { maxRetriesPerRequest: null })
    onTestFinished(() => client.disconnect())
    const queue = new Queue(names.queue('default'), { connection: client, prefix: redis.prefix })
    const kinds = [
      {},
      { body: 7, signature: null },
      { body: '{"fence":', signature: 'f'.repeat(64) },
      { body: '[]', signature: '' },
    ]
    const options = { removeOnComplete: true, removeOnFail: true }
    for (let i = 0; i < 10; i++)
      await queue.addBulk(
        Array.from({ length: 1000 }, (_, k) => ({ name: 'trial', data: kinds[k % 4], opts: options })),
      )
    const test = opened(redis)
    const done = test.run.run()
    const { events } = namesUnder(redis.prefix).study(
      (await client.keys(`${redis.prefix}:study:*`))[0]?.split(':')[2] ?? '0'.repeat(16),
    )
    const pipeline = client.pipeline()
    for (let i = 0; i < 1000; i++) {
      pipeline.xadd(
        events,
        '*',
        'event',
        ['', '{', '{"type":"finished"}', '{"type":"measured","id":"x","fence":-1}'][i % 4] ?? '',
      )
      pipeline.xadd(names.control, 'MAXLEN', '~', 1000, '*', 'id', '', 'ask', 'explode')
    }
    await pipeline.exec()
    await done
    expectWhole(test, 4)
    await until(() => worker.counts().refused === 10_000, 'all to be counted', 60)
    expect(said.length).toBeLessThanOrEqual(4)
    await queue.close()
  })
})
