import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createChannel } from '../../src/queue/channel.ts'
import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import { createScheduler } from '../../src/scheduler/scheduler.ts'
import { openStore } from '../../src/store/store.ts'
import { studyDigest } from '../../src/study/study.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { behaving } from '../helpers/run.ts'

const SLOTS = 3

/*
 * What must hold between the verbs of the scheduler cannot be seen from outside of it, so here the queue is the test's own
 * and looks into the store, through a connection of its own, whenever it is called.
 */
test('commits a trial before it submits it, and a result before it acknowledges; always has the next trial ready', async () => {
  const db = join(temporaryFolder(), 'studies.db')
  const store = openStore(db)
  const witness = openStore(db)
  onTestFinished(() => {
    store.close()
    witness.close()
  })
  const study = behaving('instant', { budget: { trials: 20 } })
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

  const queue: TrialQueue = {
    async submit(job) {
      expect(seen()[job.trial]).toMatchObject({ number: job.trial, state: 'waiting', attempts: 1 })
      submitted++
      waiting.push(job)
      start()
      if (submitted === 2 * SLOTS) setImmediate(finishOne)
    },
    stop: async () => {},
    cancel: async () => {},
    async acknowledge(id) {
      const trial = seen()[Number(id.split('-')[1])]
      expect(trial).toMatchObject({ state: 'complete', value: trial?.number })
      setImmediate(finishOne)
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
    openQueue: () => queue,
    onProgress: () => {},
  }
  const ending = createScheduler(options).run()
  channel.push({ type: 'slots', slots: SLOTS })
  await ending
  expect(seen().map(({ state }) => state)).toEqual(Array(20).fill('complete'))
  expect(Math.min(...readyAtFinish)).toBeGreaterThan(0)
})
