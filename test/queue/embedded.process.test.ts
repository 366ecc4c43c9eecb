import { expect, onTestFinished, test } from 'vitest'
import { createEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { TrialJob } from '../../src/runner/job.ts'
import { trialQueueConformance } from '../conformance/queue.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { BEHAVIOURS } from '../helpers/run.ts'

trialQueueConformance('the embedded queue', ({ slots, module }) =>
  createEmbeddedQueue({ slots, module, engine: 'cpu' }),
)

test('one that must be alone on its device does not wait for those on another, as one does that needs the machine', async () => {
  const queue = createEmbeddedQueue({ slots: 2, devices: [0, 1], module: BEHAVIOURS, engine: 'cpu' })
  onTestFinished(() => queue.close())
  const seen: string[] = []
  void (async () => {
    for await (const events of queue.events())
      for (const event of events) if ('id' in event) seen.push(`${event.type} ${event.id}`)
  })()
  const job = (id: string, mode: string, changes: Partial<TrialJob> = {}): TrialJob => ({
    ...{ id, fence: 1, phase: 'run', module: BEHAVIOURS, trial: 0, attempt: 1, params: { x: 0.5, mode }, seed: 0 },
    ...{ metric: 'loss', goal: 'minimize', engine: 'cpu', limits: {}, checkpoint: `${temporaryFolder()}/checkpoint` },
    ...changes,
  })
  await queue.submit(job('long', 'until stopped'))
  await until(() => seen.includes('started long'), 'the first to run')
  await queue.submit(job('device', 'sleep', { alone: 'device' }))
  await queue.submit(job('machine', 'instant', { alone: 'machine' }))
  await until(() => seen.includes('finished device'), 'the one that needs a device')
  expect(seen).not.toContain('finished long')
  expect(seen).not.toContain('started machine')
  await queue.stop('long')
  await until(() => seen.includes('finished machine'), 'the one that needs the machine')
})
