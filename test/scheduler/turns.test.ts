import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createChannel } from '../../src/queue/channel.ts'
import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import type { Progress } from '../../src/scheduler/progress.ts'
import { createScheduler } from '../../src/scheduler/scheduler.ts'
import { createTuner } from '../../src/scheduler/tuner.ts'
import { createTurns } from '../../src/scheduler/turns.ts'
import { openStore } from '../../src/store/store.ts'
import { studyDigest } from '../../src/study/study.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { behaving } from '../helpers/run.ts'

/** A stored study, what another process sees of it, and a scheduler of it on a queue of the test's own. */
function opened(trials: number) {
  const db = join(temporaryFolder(), 'studies.db')
  const [store, witness] = [openStore(db), openStore(db)]
  onTestFinished(() => {
    store.close()
    witness.close()
  })
  const study = behaving('instant', { budget: { trials } })
  const { definition } = study
  const record = store.createStudy({ definition, digest: studyDigest(definition) })
  const progress: Progress[] = []
  function run(queue: TrialQueue) {
    const lease = store.takeLease(record)
    const scheduler = createScheduler({
      ...{ study, definition, record, module: 'file:///unused', store, lease, parallel: 1 },
      openQueue: () => queue,
      onProgress: (event) => progress.push(event),
    })
    return scheduler.run().finally(() => store.releaseLease(lease))
  }
  return { store, record, seen: () => witness.archive(record).trials(), progress, run, study }
}

const events = ({ id, fence, trial }: TrialJob): TrialEvent[] => [
  { type: 'started', id, fence, trainer: 0, environment: {} },
  { type: 'finished', id, fence, outcome: { type: 'complete', metrics: { loss: trial } }, output: '' },
]

const NOTHING = { recover: async () => {}, stop: async () => {}, cancel: async () => {} }

describe('a turn', () => {
  test('is committed at once, and followed up when others can see it', async () => {
    const { store, record, seen } = opened(1)
    const lease = store.takeLease(record)
    const turns = createTurns(store, lease)
    const states: unknown[] = []
    const follow = () => turns.afterwards(() => states.push(seen().map(({ state }) => state)))
    await Promise.all([
      turns.take(() => {
        follow()
        store.createTrials(lease, [{ number: 0, params: {} }])
        const { fence } = store.createAttempt(lease, 0)
        store.recordStart(fence, {})
        expect(seen()).toEqual([])
      }),
      turns.take(() => store.createTrials(lease, [{ number: 1, params: {} }])),
    ])
    expect(states).toEqual([['running']])
    expect(seen().map(({ state }) => state)).toEqual(['running', 'waiting'])
  })

  test('that fails keeps what it had done, without what a verb that failed had begun, and follows it up', async () => {
    const { store, record, seen } = opened(1)
    const lease = store.takeLease(record)
    const turns = createTurns(store, lease)
    const told: string[] = []
    const failing = turns.take(() => {
      store.createTrials(lease, [{ number: 0, params: {} }])
      turns.afterwards(() => told.push('first'))
      // The second of them is there.
      store.createTrials(
        lease,
        [1, 0].map((number) => ({ number, params: {} })),
      )
      turns.afterwards(() => told.push('second'))
    })
    await expect(failing).rejects.toThrow(/UNIQUE/)
    expect(seen().map(({ number }) => number)).toEqual([0])
    expect(told).toEqual(['first'])
    await turns.take(() => turns.afterwards(() => told.push('third')))
    expect(told).toEqual(['first', 'third'])
  })

  test('of a study that another process has taken over does nothing, and nothing follows', async () => {
    const { store, record, seen } = opened(1)
    const lease = store.takeLease(record)
    const turns = createTurns(store, lease)
    store.releaseLease(lease)
    store.takeLease(record)
    const told: string[] = []
    const late = turns.take(() => {
      turns.afterwards(() => told.push('late'))
      store.createTrials(lease, [{ number: 0, params: {} }])
    })
    await expect(late).rejects.toMatchObject({ code: 'store.lease_lost' })
    expect([seen(), told]).toEqual([[], []])
  })
})

test('of events that arrive together, those before one that fails are kept, acknowledged and told', async () => {
  const { progress, run, seen } = opened(3)
  const channel = createChannel<TrialEvent>()
  const acknowledged: string[] = []
  const jobs: TrialJob[] = []
  const queue: TrialQueue = {
    ...NOTHING,
    async submit(job) {
      if (jobs.push(job) < 3) return
      for (const event of jobs.slice(0, 2).flatMap(events)) channel.push(event)
      channel.push({ type: 'broken', error: new Error('no more trainers') })
      for (const event of jobs.slice(2).flatMap(events)) channel.push(event)
    },
    async acknowledge(id) {
      acknowledged.push(id)
    },
    events: () => channel,
    close: async () => channel.end(),
  }
  channel.push({ type: 'slots', slots: 3 })
  await expect(run(queue)).rejects.toThrow('no more trainers')
  expect(seen().map(({ state }) => state)).toEqual(['complete', 'complete', 'waiting'])
  expect(acknowledged).toEqual(jobs.slice(0, 2).map(({ id }) => id))
  expect(progress.flatMap((event) => (event.type === 'finished' ? event.trial.number : []))).toEqual([0, 1])
})

test('a scheduler that dies after a commit, wherever on its way to the queue, loses nothing and doubles nothing', async () => {
  const TRIALS = 8
  for (let deadAfter = 1; deadAfter < 14; deadAfter++) {
    const { run, seen, study } = opened(TRIALS)
    /** What outlives schedulers: jobs not acknowledged, what happened, and how far a scheduler was done with that. */
    const jobs = new Map<string, TrialJob>()
    const log: TrialEvent[] = []
    let handled = 0
    const ran: number[] = []

    function open(callsLeft: number): TrialQueue {
      let dead = false
      const live = (work: () => void) => async () => {
        dead ||= callsLeft-- <= 0
        if (dead) throw new Error('killed')
        work()
      }
      return {
        ...NOTHING,
        async recover(adopt) {
          for (const job of [...jobs.values()]) if (!adopt(job)) jobs.delete(job.id)
        },
        submit: (job) =>
          live(() => {
            jobs.set(job.id, job)
            ran.push(job.trial)
            log.push(...events(job))
          })(),
        acknowledge: (id) => live(() => void jobs.delete(id))(),
        async *events() {
          yield [{ type: 'slots', slots: 2 }]
          while (!dead) {
            const batch = log.slice(handled, handled + 5)
            if (batch.length === 0) return
            yield batch.filter((event) => 'id' in event && jobs.has(event.id))
            handled += batch.length
          }
        },
        close: async () => {},
      }
    }

    await expect(run(open(deadAfter))).rejects.toThrow('killed')
    await run(open(Number.POSITIVE_INFINITY))
    const trials = seen()
    expect(trials.map(({ state, value }) => [state, value])).toEqual(
      Array.from({ length: TRIALS }, (_, i) => ['complete', i]),
    )
    const { space, seed } = study.definition
    const tuner = createTuner({ space, seed, sampler: 'halton' })
    for (const { params } of trials) expect(params).toEqual(tuner.ask().params)
    // One that was committed and never submitted has a second attempt; nothing that ran to its end runs again.
    expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TRIALS }, (_, i) => i))
  }
})
