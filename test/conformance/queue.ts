import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DynotuneError } from '../../src/errors.ts'
import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { isAlive, until } from '../helpers/processes.ts'

const BEHAVIOURS = new URL('../fixtures/studies/behaviours.ts', import.meta.url).href

/** Opens a queue with `slots` trainers that serves the study `module`. */
export type OpenQueue = (options: {
  readonly slots: number
  readonly module: string
}) => Promise<TrialQueue> | TrialQueue

/** What every queue must do. Real processes, no clock of our own. */
export function trialQueueConformance(name: string, open: OpenQueue): void {
  let jobs = 0

  function job(mode: string, changes: Partial<TrialJob> = {}): TrialJob {
    const fence = ++jobs
    return {
      id: `1-${fence}-${fence}`,
      fence,
      phase: 'run',
      module: BEHAVIOURS,
      trial: fence,
      attempt: 1,
      params: { x: 0.25, mode },
      seed: 0,
      metric: 'loss',
      goal: 'minimize',
      engine: 'cpu',
      limits: {},
      checkpoint: `${temporaryFolder()}/checkpoint`,
      ...changes,
    }
  }

  /** An open queue, everything that has come out of it, and a way to wait for more. */
  async function opened(slots = 1) {
    const queue = await open({ slots, module: BEHAVIOURS })
    onTestFinished(() => queue.close())
    const events: TrialEvent[] = []
    let ended = false
    void (async () => {
      for await (const event of eventsOf(queue)) if (event.type !== 'note') events.push(event)
      ended = true
    })()
    const of = (id: string) => events.filter((event) => 'id' in event && event.id === id)
    const finished = async (id: string) => {
      await until(() => of(id).some(({ type }) => type === 'finished'), `${id} to finish`)
      const [event, ...more] = of(id).filter((event) => event.type === 'finished')
      expect(more).toEqual([])
      if (!event) throw new Error('unreachable')
      return event
    }
    return { queue, events, of, finished, ended: () => ended }
  }

  /** The process that runs a job, as the job itself reported it. */
  const pidOf = (events: readonly TrialEvent[]) => {
    for (const event of events) if (event.type === 'measured') return event.measurements[0]?.metrics.pid ?? 0
    return 0
  }

  describe(name, () => {
    test('begins with its number of slots', async () => {
      const { events } = await opened(2)
      await until(() => events.length > 0, 'the first event')
      expect(events[0]).toEqual({ type: 'slots', slots: 2 })
    })

    test('runs a job: started, measured in order, finished once, with fence and environment', async () => {
      const { queue, of, finished } = await opened()
      const steps = job('steps')
      await queue.submit(steps)
      const end = await finished(steps.id)
      expect(end).toMatchObject({ fence: steps.fence, outcome: { type: 'complete', metrics: { loss: 0.25 } } })
      const events = of(steps.id)
      expect(events[0]).toMatchObject({ type: 'started', fence: steps.fence, environment: { engine: 'cpu' } })
      expect(events.at(-1)).toBe(end)
      const measured = events.flatMap((event) => (event.type === 'measured' ? event.measurements : []))
      expect(measured.map(({ step, metrics }) => [step, metrics.loss])).toEqual(
        [1, 2, 3, 4, 5].map((step) => [step, 0.25 + 1 / step]),
      )
      expect(measured.every(({ time }, i) => time >= (measured[i - 1]?.time ?? 0))).toBe(true)
    })

    test('starts jobs in the order submitted', async () => {
      const { queue, events, finished } = await opened()
      const five = Array.from({ length: 5 }, () => job('instant'))
      for (const each of five) await queue.submit(each)
      for (const { id } of five) await finished(id)
      expect(events.flatMap((event) => (event.type === 'started' ? event.id : []))).toEqual(five.map(({ id }) => id))
    })

    test('runs as many jobs at once as it has slots, and no later one before those', async () => {
      const { queue, events, finished } = await opened(2)
      // Trainers may import the study with their first job: that is over then for both.
      const two = [job('sleep'), job('sleep')]
      for (const each of two) await queue.submit(each)
      for (const { id } of two) await finished(id)
      events.length = 0
      const four = [job('sleep'), job('sleep'), job('sleep'), job('sleep')]
      for (const each of four) await queue.submit(each)
      for (const { id } of four) await finished(id)
      // Two trainers are two processes: which of them speaks first is not the queue's to decide.
      const started = events.flatMap((event) => (event.type === 'started' ? event.id : []))
      expect(started).toHaveLength(4)
      expect(new Set(started.slice(0, 2))).toEqual(new Set([four[0]?.id, four[1]?.id]))
      let running = 0
      const concurrency = events.map(({ type }) => {
        running += type === 'started' ? 1 : type === 'finished' ? -1 : 0
        return running
      })
      expect(Math.max(...concurrency)).toBe(2)
    })

    test('runs jobs that must be alone one after the other, on trainers that kept nothing of others', async () => {
      const { queue, events, of, finished } = await opened(2)
      const used = [job('sleep'), job('sleep')]
      for (const each of used) await queue.submit(each)
      const two = [job('sleep', { alone: 'device' }), job('sleep', { alone: 'machine' })]
      const last = job('descends')
      for (const each of [...two, last]) await queue.submit(each)
      await until(() => of(last.id).some(({ type }) => type === 'measured'), 'the last to run')
      const order = events.flatMap((event) =>
        'id' in event && event.type !== 'measured' ? [`${event.type} ${event.id}`] : [],
      )
      expect(order.slice(4)).toEqual([
        ...two.flatMap(({ id }) => [`started ${id}`, `finished ${id}`]),
        `started ${last.id}`,
      ])
      const pids = await Promise.all(
        [...used, ...two].map(async ({ id }) => {
          const { outcome } = await finished(id)
          return outcome.type === 'complete' ? outcome.metrics.pid : undefined
        }),
      )
      expect(new Set(pids).size).toBe(4)
    })

    test('goes on when one that waits to be alone is cancelled', async () => {
      const { queue, of, finished } = await opened(2)
      const [running, waiting, next] = [job('until stopped'), job('instant', { alone: 'machine' }), job('instant')]
      await queue.submit(running)
      await until(() => of(running.id).length > 0, 'the first to run')
      await queue.submit(waiting)
      await queue.submit(next)
      await queue.cancel(waiting.id)
      expect(await finished(waiting.id)).toMatchObject({ outcome: { type: 'lost' } })
      expect(await finished(next.id)).toMatchObject({ outcome: { type: 'complete' } })
    })

    test('refuses an id that it knows until that is acknowledged', async () => {
      const { queue, finished } = await opened()
      const once = job('instant')
      await queue.submit(once)
      await expect(queue.submit(once)).rejects.toMatchObject({ code: 'queue.duplicate', value: once.id })
      await finished(once.id)
      await expect(queue.submit(once)).rejects.toBeInstanceOf(DynotuneError)
      await queue.acknowledge(once.id)
      await queue.submit(once)
    })

    test('cancels a waiting job without starting it', async () => {
      const { queue, of, finished } = await opened()
      const [running, waiting] = [job('sleep'), job('instant')]
      await queue.submit(running)
      await queue.submit(waiting)
      await queue.cancel(waiting.id)
      expect(await finished(waiting.id)).toMatchObject({
        outcome: { type: 'lost', reason: { code: 'trial.cancelled' } },
      })
      await finished(running.id)
      expect(of(waiting.id)).toHaveLength(1)
    })

    test('cancels a running job with its process and all descendants, and goes on with the next', async () => {
      const { queue, of, finished } = await opened()
      const [running, next] = [job('descends'), job('instant')]
      await queue.submit(running)
      await queue.submit(next)
      await until(() => pidOf(of(running.id)) > 0, 'the pids')
      const [trainer, child] = of(running.id).flatMap((event) =>
        event.type === 'measured'
          ? [event.measurements[0]?.metrics.pid ?? 0, event.measurements[0]?.metrics.child ?? 0]
          : [],
      )
      expect([trainer, child].map((pid) => isAlive(pid ?? 0))).toEqual([true, true])
      await queue.cancel(running.id)
      expect(await finished(running.id)).toMatchObject({
        outcome: { type: 'lost', reason: { code: 'trial.cancelled' } },
      })
      await until(() => !isAlive(trainer ?? 0) && !isAlive(child ?? 0), 'trainer and child to be gone')
      expect(await finished(next.id)).toMatchObject({ outcome: { type: 'complete' } })
    })

    test('ignores a cancel or stop of an id that is unknown or finished', async () => {
      const { queue, of, finished } = await opened()
      const done = job('instant')
      await queue.submit(done)
      await finished(done.id)
      for (const id of [done.id, 'never-seen']) {
        await queue.cancel(id)
        await queue.stop(id)
      }
      const next = job('instant')
      await queue.submit(next)
      await finished(next.id)
      expect(of(done.id).filter(({ type }) => type === 'finished')).toHaveLength(1)
      expect(of('never-seen')).toEqual([])
    })

    test.each(['until stopped', 'busy until stopped', 'until aborted'])(
      'asks a running job to end early: %s',
      async (mode) => {
        const { queue, of, finished } = await opened()
        const running = job(mode)
        await queue.submit(running)
        await until(() => of(running.id).some(({ type }) => type === 'measured'), 'the first measurement')
        await queue.stop(running.id)
        const { outcome } = await finished(running.id)
        expect(outcome).toMatchObject({
          type: mode === 'until aborted' ? 'complete' : 'stopped',
          metrics: { loss: expect.any(Number) },
        })
      },
    )

    test('remembers a stop that came while the job waited', async () => {
      const { queue, finished } = await opened()
      const [running, waiting] = [job('sleep'), job('until stopped')]
      await queue.submit(running)
      await queue.submit(waiting)
      await queue.stop(waiting.id)
      await finished(running.id)
      expect((await finished(waiting.id)).outcome.type).not.toBe('lost')
    })

    test('reports a trainer that died, with its last words, and has another one for the next job', async () => {
      const { queue, finished } = await opened()
      const [dying, next] = [job('dies'), job('instant')]
      await queue.submit(dying)
      await queue.submit(next)
      const lost = await finished(dying.id)
      expect(lost).toMatchObject({
        outcome: { type: 'lost', reason: { code: 'trial.crashed', message: expect.stringContaining('SIGKILL') } },
        output: 'last words\n',
      })
      expect(await finished(next.id)).toMatchObject({ outcome: { type: 'complete' }, output: '' })
    })

    test('keeps the output of a job with it: both streams, in order, and of very long output both ends', async () => {
      const { queue, finished } = await opened()
      const [short, long, silent] = [job('prints'), job('prints much'), job('instant')]
      for (const each of [short, long, silent]) await queue.submit(each)
      expect((await finished(short.id)).output).toBe('to standard output\nto standard error\n')
      const { output } = await finished(long.id)
      expect(output.length).toBeLessThan(70_000)
      expect(output).toMatch(/^begin·+/)
      expect(output).toMatch(/·end\n$/)
      expect(output).toMatch(/bytes left out/)
      expect((await finished(silent.id)).output).toBe('')
    })

    test('closes at once with a job running: the events end, no process is left, later jobs are refused', async () => {
      const { queue, of, ended } = await opened(2)
      const busy = job('descends')
      await queue.submit(busy)
      await queue.submit(job('spins'))
      await until(() => pidOf(of(busy.id)) > 0, 'the pid')
      const pid = pidOf(of(busy.id))
      await queue.close()
      await until(ended, 'the end of the events')
      await until(() => !isAlive(pid), 'the trainer to be gone')
      await expect(queue.submit(job('instant'))).rejects.toMatchObject({ code: 'queue.closed' })
      await queue.close()
    })

    test('fails its events, with the cause, when trainers cannot be started', async () => {
      const module = new URL('../fixtures/studies/throws-in-trainer.ts', import.meta.url).href
      const queue = await open({ slots: 1, module })
      onTestFinished(() => queue.close())
      const consume = async () => {
        await queue.submit(job('instant', { module }))
        for await (const { type } of eventsOf(queue)) expect(['slots', 'note']).toContain(type)
      }
      await expect(consume()).rejects.toMatchObject({
        code: 'runner.start',
        message: expect.stringContaining('not on this machine'),
      })
    })

    test('survives a thousand jobs without losing or repeating one', async () => {
      const { queue, events } = await opened(2)
      const many = Array.from({ length: 1000 }, () => job('instant', { checkpoint: '/nonexistent/checkpoint' }))
      for (const each of many) await queue.submit(each)
      await until(() => events.filter(({ type }) => type === 'finished').length >= 1000, 'all to finish')
      await sleep(50)
      const finished = events.flatMap((event) => (event.type === 'finished' ? event.id : []))
      expect(finished.toSorted()).toEqual(many.map(({ id }) => id).toSorted())
    })
  })
}
