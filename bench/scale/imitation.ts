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
    free.push(trainer)
    // When it ended, for whoever measures how long that takes to be known.
    const outcome = { type: 'complete', metrics: { value: performance.timeOrigin + performance.now() } } as const
    channel.push({ type: 'finished', id, fence, outcome, output: '' })
  }

  return {
    recover: async () => {},
    async submit(job) {
      void run(job, free.shift() ?? 0)
    },
    stop: async () => {},
    cancel: async () => {},
    acknowledge: async () => {},
    events: () => channel,
    close: async () => channel.end(),
  }
}
