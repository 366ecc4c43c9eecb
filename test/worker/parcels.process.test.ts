import { randomBytes } from 'node:crypto'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { namesUnder } from '../../src/queue/redis/names.ts'
import { createRedisQueue } from '../../src/queue/redis/redis-queue.ts'
import { seal, unseal, type WireParcel } from '../../src/queue/redis/wire.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import { sign } from '../../src/runner/signature.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'
import { BEHAVIOURS, behaving, openTestRun } from '../helpers/run.ts'
import { shared, workerProcess } from '../helpers/workers.ts'

let jobs = 0
const job = (mode: string): TrialJob => ({
  ...{ id: `1-${++jobs}-${jobs}`, fence: jobs, phase: 'run', module: BEHAVIOURS, trial: jobs, attempt: 1 },
  ...{ params: { x: 0.5, mode }, seed: 0, metric: 'loss', goal: 'minimize', engine: 'cpu', limits: {} },
  checkpoint: `${temporaryFolder()}/checkpoint`,
})

describe.skipIf(!hasRedis)(`parcels of short trials${NO_REDIS}`, () => {
  const server = redisForAll()

  /** A queue that knows that its trials are short, once a worker of one slot has run some. */
  async function warm(redis: ReturnType<typeof shared>) {
    const study = randomBytes(8).toString('hex')
    const options = { ...redis, study, module: BEHAVIOURS, name: 'behaviours', everyMs: 100, lostAfterMs: 1000 }
    const queue = createRedisQueue(options)
    onTestFinished(() => queue.close())
    const events: TrialEvent[] = []
    const failures: unknown[] = []
    void (async () => {
      for await (const event of eventsOf(queue)) events.push(event)
    })().catch((error: unknown) => failures.push(error))
    const of = (id: string) => events.filter((event) => 'id' in event && event.id === id).map(({ type }) => type)
    const ends = (id: string) =>
      events.flatMap((event) =>
        event.type !== 'finished' || event.id !== id
          ? []
          : event.outcome.type === 'lost'
            ? event.outcome.reason.code
            : event.outcome.type,
      )
    const started = (id: string) => until(() => of(id).includes('started'), `${id} to start`)
    const ended = (id: string) => until(() => ends(id).length > 0, `${id} to end`)
    const submit = async (modes: readonly string[]) => {
      const made = modes.map(job)
      await Promise.all(made.map((each) => queue.submit(each)))
      return made.map(({ id }) => id)
    }
    for (const id of await submit(Array(10).fill('instant'))) await ended(id)
    const client = new Redis(redis.url, { maxRetriesPerRequest: null })
    const names = namesUnder(redis.prefix)
    const bull = new Queue(names.queue('default'), { connection: client, prefix: redis.prefix })
    onTestFinished(async () => {
      await bull.close()
      client.disconnect()
    })
    /** What waits: the ids of each parcel. */
    const waiting = async () =>
      (await bull.getJobs('prioritized', 0, -1, true)).map(({ data }) =>
        unseal(data, redis.secret).map(({ id }) => id.slice(study.length + 1)),
      )
    return { queue, submit, of, ends, started, ended, waiting, bull, study, failures }
  }

  const inProcess = async (redis: ReturnType<typeof shared>, options: { readonly patienceMs?: number } = {}) => {
    const worker = await startWorker({ ...redis, ...options, slots: 1, engine: 'cpu', cache: temporaryFolder() })
    onTestFinished(() => worker.close())
    return worker
  }

  test('lose with their worker what had not finished, and only that', async () => {
    const redis = shared(server().url)
    const doomed = await workerProcess(redis)
    const { submit, of, ends, started, ended } = await warm(redis)
    const ids = await submit(['instant', 'instant', 'until stopped', 'instant', ...Array(4).fill('instant')])
    await started(ids[2] ?? '')
    await doomed.kill()
    for (const id of ids.slice(0, 4)) await ended(id)
    expect(ids.slice(0, 2).map(ends)).toEqual([['complete'], ['complete']])
    expect(ends(ids[2] ?? '')).toEqual(['worker.lost'])
    expect(of(ids[3] ?? '')).toEqual(['finished'])
    // Unless it was handed back before.
    expect(['worker.lost', 'worker.returned']).toContain(ends(ids[3] ?? '')[0])
    // The other parcel waited.
    await workerProcess(redis)
    for (const id of ids.slice(4)) await ended(id)
    expect(ids.slice(4).map(ends)).toEqual(Array(4).fill(['complete']))
  })

  test('that wait are freed of what is cancelled, at once, and the rest runs', async () => {
    const redis = shared(server().url)
    await inProcess(redis)
    const { queue, submit, of, ends, started, ended, waiting } = await warm(redis)
    const [busy = ''] = await submit(['until stopped'])
    await started(busy)
    const ids = await submit(Array(9).fill('instant'))
    expect(await waiting()).toEqual([ids.slice(0, 5), ids.slice(5)])
    // Two at once, the first among them, and one a little later; one of the other parcel.
    await Promise.all([0, 2, 6].map((i) => queue.cancel(ids[i] ?? '')))
    await queue.cancel(ids[3] ?? '')
    expect((await waiting()).map((parcel) => parcel.toSorted())).toEqual([
      [7, 8, 5].map((i) => ids[i] ?? '').toSorted(),
      [1, 4].map((i) => ids[i] ?? '').toSorted(),
    ])
    await queue.stop(busy)
    for (const id of ids) await ended(id)
    const cancelled = [0, 2, 3, 6]
    for (const [i, id] of ids.entries())
      expect([of(id).length, ends(id)]).toEqual(cancelled.includes(i) ? [1, ['trial.cancelled']] : [2, ['complete']])
  })

  test('keep a stop until its trial begins, and a cancel while others of them run', async () => {
    const redis = shared(server().url)
    // However slow the machine is.
    await inProcess(redis, { patienceMs: 60_000 })
    const { queue, submit, ends, started, ended } = await warm(redis)
    const [busy = ''] = await submit(['until stopped'])
    await started(busy)
    const ids = await submit(['instant', 'until stopped', 'until stopped', 'instant', 'instant', 'instant', 'instant'])
    const [, stopped = '', cancelled = ''] = ids
    await queue.stop(stopped)
    await queue.stop(busy)
    await started(cancelled)
    await queue.cancel(cancelled)
    for (const id of ids) await ended(id)
    expect([ends(stopped), ends(cancelled)]).toEqual([['stopped'], ['trial.cancelled']])
    expect(ends(ids[0] ?? '')).toEqual(['complete'])
  })

  test('hand back what waits behind a trial that takes long, and when their worker leaves', async () => {
    const redis = shared(server().url)
    const worker = await inProcess(redis)
    const { submit, queue, of, ends, started, ended } = await warm(redis)
    const ids = await submit(['until stopped', 'instant', 'instant', ...Array(3).fill('instant')])
    await started(ids[0] ?? '')
    for (const id of ids.slice(1, 3)) await ended(id)
    expect(ids.slice(1, 3).map((id) => [...of(id), ...ends(id)])).toEqual(
      Array(2).fill(['finished', 'worker.returned']),
    )
    expect(ends(ids[0] ?? '')).toEqual([])
    expect(worker.counts()).toMatchObject({ running: 1, lost: 0 })
    await queue.stop(ids[0] ?? '')
    for (const id of ids) await ended(id)

    const last = await submit(['sleep', 'instant', ...Array(4).fill('instant')])
    await started(last[0] ?? '')
    await worker.drain(20_000)
    expect(last.slice(0, 2).map(ends)[0]).toEqual(['complete'])
    expect(['worker.drained', 'worker.returned', 'complete']).toContain(ends(last[1] ?? '')[0])
  })

  test('are run whole or not at all: altered, unsigned, copied or malformed ones are refused and counted', async () => {
    const redis = shared(server().url)
    const worker = await inProcess(redis)
    const { bull, study, submit, waiting, started, queue, failures } = await warm(redis)
    const [busy = ''] = await submit(['until stopped'])
    await started(busy)
    const ids = await submit(Array(3).fill('instant'))
    const [parcel] = await bull.getJobs('prioritized')
    expect(await waiting()).not.toEqual([])
    const { body } = parcel?.data ?? {}
    const good: WireParcel = JSON.parse(body)
    const [one] = good.jobs
    if (!one) throw new Error('unreachable')
    const named = (id: string) => ({ ...one, id: `${study}-${id}` })
    const signed = (content: unknown) => {
      const text = JSON.stringify(content)
      return { body: text, signature: sign(redis.secret, `dynotune parcel\n${text}`) }
    }
    const bad: [string, unknown][] = [
      [
        'altered',
        { ...seal({ ...good, jobs: [named('altered')] }, redis.secret), body: body.replace('instant', 'sleep') },
      ],
      ['unsigned', seal({ ...good, jobs: [named('unsigned')] }, undefined)],
      ['foreign', seal({ ...good, jobs: [named('foreign')] }, 'another secret entirely')],
      ['copied', parcel?.data],
      ['empty', signed({ ...good, jobs: [] })],
      ['half', signed({ ...good, jobs: [named('half'), { ...named('rest'), fence: -1 }] })],
      ['list', signed([named('list')])],
      ['job', { body: JSON.stringify(one), signature: sign(redis.secret, `dynotune job\n${JSON.stringify(one)}`) }],
    ]
    const { finished, refused } = worker.counts()
    expect(refused).toBe(0)
    for (const [name, data] of bad)
      await bull.add('trials', data, {
        jobId: `${study}-${name}`,
        priority: 1,
        removeOnComplete: true,
        removeOnFail: true,
      })
    await queue.stop(busy)
    await until(() => worker.counts().refused === bad.length, 'all to be refused')
    await until(() => worker.counts().finished >= finished + 1 + ids.length, 'the others to run')
    expect(worker.counts().finished).toBe(finished + 1 + ids.length)
    // Whoever waits for it hears of it.
    expect(failures).toMatchObject([{ code: 'worker.refused' }])
  })

  test('carry a study of many short trials, each of which is stored once', async () => {
    const redis = shared(server().url)
    await Promise.all([workerProcess(redis), workerProcess({ ...redis, slots: 2 })])
    const { run, archive, progress } = openTestRun(behaving('instant', { budget: { trials: 400 } }), { redis })
    await run.run()
    const trials = archive.trials()
    expect(trials.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(400).fill('complete 1'))
    const ends = progress.flatMap((event) => (event.type === 'finished' ? event.trial.number : []))
    expect(ends.toSorted((a, b) => a - b)).toEqual(trials.map(({ number }) => number))
    expect(new Set(trials.map(({ environment }) => environment?.worker)).size).toBe(2)
  })
})
