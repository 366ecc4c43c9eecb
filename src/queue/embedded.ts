import { DynotuneError } from '../errors.ts'
import type { TrialEvent, TrialJob } from '../runner/job.ts'
import { createPool, type PoolOptions } from '../runner/pool.ts'
import { createChannel } from './channel.ts'
import { CANCELLED, type TrialQueue } from './queue.ts'

/**
 * The queue that needs nothing installed: a waiting line in memory before trainer processes of this machine.
 * @param onLag told of each event how many ms after its arrival it was dealt with
 */
export function createEmbeddedQueue(options: PoolOptions, onLag?: (ms: number) => void): TrialQueue {
  const channel = createChannel<TrialEvent>(onLag)
  const waiting: TrialJob[] = []
  /** Submitted and not yet acknowledged. */
  const known = new Set<string>()
  const stopEarly = new Set<string>()
  let closed = false
  const pool = createPool(options, emit, dispatch)
  channel.push({ type: 'slots', slots: options.slots })

  function emit(event: TrialEvent): void {
    if (event.type === 'started' && stopEarly.delete(event.id)) pool.stop(event.id)
    if (event.type === 'broken') channel.fail(event.error)
    else channel.push(event)
  }

  /** In their order: those behind one that must be alone wait until it runs, or it would never come to that. */
  function dispatch(): void {
    while (waiting[0] && pool.run(waiting[0])) waiting.shift()
  }

  return {
    async submit(job) {
      if (closed) throw new DynotuneError('queue.closed', 'The queue is closed.', { value: job.id })
      if (known.has(job.id))
        throw new DynotuneError('queue.duplicate', 'A job with this id is in the queue already.', { value: job.id })
      known.add(job.id)
      waiting.push(job)
      dispatch()
    },
    // Jobs are in memory: no earlier process has left any.
    async recover() {},
    async stop(id) {
      if (!pool.stop(id) && waiting.some((job) => job.id === id)) stopEarly.add(id)
    },
    async cancel(id) {
      const place = waiting.findIndex((job) => job.id === id)
      if (place < 0) {
        pool.kill(id, CANCELLED)
        return
      }
      const [job] = waiting.splice(place, 1)
      if (job)
        channel.push({
          type: 'finished',
          id,
          fence: job.fence,
          outcome: { type: 'lost', reason: CANCELLED },
          output: '',
        })
      dispatch()
    },
    async acknowledge(id) {
      known.delete(id)
    },
    events: () => channel,
    async close() {
      closed = true
      waiting.length = 0
      await pool.close()
      channel.end()
    },
  }
}
