import { setTimeout as sleep } from 'node:timers/promises'
import { createChannel } from '../../src/queue/channel.ts'
import type { TrialQueue } from '../../src/queue/queue.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'

/**
 * Trainers that only wait: each trial takes `seconds`, varied by a fifth so that they do not end together, with a measurement a
 * second. What a cluster says to its scheduler, from one process.
 */
export function imitateTrainers(slots: number, seconds: number): TrialQueue {
  const channel = createChannel<TrialEvent>()
  const free = Array.from({ length: slots }, (_, trainer) => trainer)
  const waiting: TrialJob[] = []
  channel.push({ type: 'slots', slots })

  async function run({ id, fence, params }: TrialJob, trainer: number): Promise<void> {
    const x = Number(params.x)
    channel.push({ type: 'started', id, fence, trainer, environment: { engine: 'none' } })
    const lasts = seconds * (0.8 + 0.4 * x)
    for (let time = 1; time < lasts; time++) {
      await sleep(1000)
      channel.push({ type: 'measured', id, fence, measurements: [{ step: time, time, metrics: { value: x } }] })
    }
    if (lasts > 0) await sleep(1000 * (lasts % 1))
    // When it ended, for whoever measures how long that takes to be known.
    const outcome = { type: 'complete', metrics: { value: performance.timeOrigin + performance.now() } } as const
    channel.push({ type: 'finished', id, fence, outcome, output: '' })
    free.push(trainer)
    dispatch()
  }

  function dispatch(): void {
    if (waiting.length === 0) return
    const trainer = free.shift()
    const job = trainer === undefined ? undefined : waiting.shift()
    if (job && trainer !== undefined) void run(job, trainer)
  }

  return {
    recover: async () => {},
    async submit(job) {
      waiting.push(job)
      dispatch()
    },
    stop: async () => {},
    cancel: async () => {},
    acknowledge: async () => {},
    events: () => channel,
    close: async () => channel.end(),
  }
}
