import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createChannel } from '../../src/queue/channel.ts'
import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import { createScheduler } from '../../src/scheduler/scheduler.ts'
import { openStore } from '../../src/store/store.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import { studyDigest } from '../../src/study/study.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { behaving } from '../helpers/run.ts'

const SLOTS = 3

/*
 * What must hold between the verbs of the scheduler cannot be seen from outside of it, so here the queue is the test's own
 * and looks into the store, through a connection of its own, whenever it is called.
 */
async function runOn(changes: Parameters<typeof behaving>[1], finishAfter: (work: () => void) => void) {
  const db = join(temporaryFolder(), 'studies.db')
  const store = openStore(db)
  const witness = openStore(db)
  onTestFinished(() => {
    store.close()
    witness.close()
  })
  const study = behaving('instant', { budget: { trials: 20 }, ...changes })
  const record = store.createStudy({ definition: study.definition, digest: studyDigest(study.definition) })
  const seen = () => witness.archive(record).trials()

  const channel = createChannel<TrialEvent>()
  const waiting: TrialJob[] = []
  const running: TrialJob[] = []
  const readyAtFinish: number[] = []
  let submitted = 0

  function start(): void {
    while (running.length < SLOTS && waiting.length > 0) {
      const job = waiting.shift()
      if (!job) return
      running.push(job)
      channel.push({ type: 'started', id: job.id, fence: job.fence, trainer: running.length - 1, environment: {} })
    }
  }

  /** The oldest running job ends; how many wait at that moment is what its trainer can go on with at once. */
  function finishOne(): void {
    const job = running.shift()
    if (!job) return
    if (submitted < 20) readyAtFinish.push(waiting.length)
    channel.push({
      type: 'finished',
      id: job.id,
      fence: job.fence,
      outcome: { type: 'complete', metrics: { loss: job.trial } },
      output: '',
    })
    start()
  }

  let wanted = () => 0
  const queue: TrialQueue = {
    async submit(job) {
      expect(seen()[job.trial]).toMatchObject({ number: job.trial, state: 'waiting', attempts: 1 })
      submitted++
      waiting.push(job)
      start()
      if (submitted === SLOTS) finishAfter(finishOne)
    },
    recover: async () => {},
    stop: async () => {},
    cancel: async () => {},
    async acknowledge(id) {
      const trial = seen()[Number(id.split('-')[1])]
      expect(trial).toMatchObject({ state: 'complete', value: trial?.number })
      // A slot for each trial that is left; one to come to the end.
      expect(wanted()).toBe(Math.max(1, 20 - seen().filter(({ state }) => state === 'complete').length))
      finishAfter(finishOne)
    },
    events: () => channel,
    close: async () => channel.end(),
  }
  const lease = store.takeLease(record)
  const options = {
    study,
    definition: study.definition,
    record,
    module: 'file:///unused',
    store,
    lease,
    parallel: SLOTS,
    openQueue(slotsWanted: () => number) {
      wanted = slotsWanted
      return queue
    },
    onProgress: () => {},
  }
  const ending = createScheduler(options).run()
  channel.push({ type: 'slots', slots: SLOTS })
  await ending
  expect(seen().map(({ state }) => state)).toEqual(Array(20).fill('complete'))
  return readyAtFinish
}

test('commits a trial before it submits it, and a result before it acknowledges; always has the next trial ready', async () => {
  const ready = await runOn({ sampler: 'halton' }, setImmediate)
  expect(Math.min(...ready)).toBeGreaterThan(0)
})

describe('a sampler that learns', () => {
  const learns = (work: () => void): Sampler => ({
    name: 'learns',
    adaptive: true,
    suggest({ trials }, count) {
      work()
      return Array.from({ length: count }, (_, i) => ({ x: (trials.length + i) / 20, mode: 'instant' }))
    },
  })

  test('is not asked ahead of what it could know', async () => {
    const ready = await runOn({ sampler: learns(() => {}) }, (work) => setTimeout(work, 30))
    expect(Math.max(...ready)).toBe(0)
  })

  test('is asked ahead where trainers would wait for it', async () => {
    const slowly = () => {
      const until = performance.now() + 5
      while (performance.now() < until);
    }
    const ready = await runOn({ sampler: learns(slowly) }, (work) => setTimeout(work, 30))
    // After the first trials have shown how long one takes.
    expect(Math.min(...ready.slice(SLOTS))).toBeGreaterThan(0)
  })
})

test('a trial under which one worker after the other goes is given up', async () => {
  const store = openStore(join(temporaryFolder(), 'studies.db'))
  onTestFinished(() => store.close())
  const study = behaving('instant', { budget: { trials: 1 } })
  const record = store.createStudy({ definition: study.definition, digest: studyDigest(study.definition) })
  const channel = createChannel<TrialEvent>()
  const nothing = async () => {}
  const queue: TrialQueue = {
    async submit({ id, fence }) {
      const reason = { code: 'worker.lost', message: 'The worker is gone.' } as const
      channel.push({ type: 'finished', id, fence, outcome: { type: 'lost', reason }, output: '' })
    },
    ...{ recover: nothing, stop: nothing, cancel: nothing, acknowledge: nothing },
    events: () => channel,
    close: async () => channel.end(),
  }
  const lease = store.takeLease(record)
  const options = { study, definition: study.definition, record, module: 'file:///unused', store, lease, parallel: 1 }
  channel.push({ type: 'slots', slots: 1 })
  await createScheduler({ ...options, openQueue: () => queue, onProgress: () => {} }).run()
  expect(store.archive(record).trials()).toMatchObject([
    { state: 'failed', attempts: 10, reason: { code: 'worker.lost', message: expect.stringContaining('attempt 10') } },
  ])
})

test('a run that is stopped before it begins opens no queue', async () => {
  const store = openStore(join(temporaryFolder(), 'studies.db'))
  onTestFinished(() => store.close())
  const study = behaving('instant')
  const record = store.createStudy({ definition: study.definition, digest: studyDigest(study.definition) })
  const lease = store.takeLease(record)
  const options = { study, definition: study.definition, record, module: 'file:///unused', store, lease, parallel: 1 }
  const openQueue = () => {
    throw new Error('opened')
  }
  const scheduler = createScheduler({ ...options, openQueue, onProgress: () => {} })
  scheduler.stop()
  expect(await scheduler.run()).toMatchObject({ interrupted: true, trials: [] })
})
