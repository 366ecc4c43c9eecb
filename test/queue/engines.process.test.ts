import { expect, onTestFinished, test } from 'vitest'
import { createEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { TrialJob } from '../../src/runner/job.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { BEHAVIOURS } from '../helpers/run.ts'

const job = (id: string, engine: TrialJob['engine']): TrialJob => ({
  id,
  fence: Number(id),
  phase: 'run',
  module: BEHAVIOURS,
  trial: 0,
  attempt: 1,
  params: { x: 0.5, mode: 'instant' },
  seed: 0,
  metric: 'loss',
  goal: 'minimize',
  engine,
  limits: {},
  checkpoint: `${temporaryFolder()}/checkpoint`,
})

test('whoever starts trainers may name their engine: it is what auto means to them, and a job that names one gets that', async () => {
  const queue = createEmbeddedQueue({ slots: 1, module: BEHAVIOURS, engine: 'cpu' })
  onTestFinished(() => queue.close())
  for (const each of [job('1', 'auto'), job('2', 'wasm'), job('3', 'cpu')]) await queue.submit(each)
  const engines: (string | undefined)[] = []
  for await (const event of eventsOf(queue)) {
    if (event.type === 'started') engines.push(event.environment.engine)
    if (event.type === 'finished' && event.id === '3') break
  }
  expect(engines).toEqual(['cpu', 'wasm', 'cpu'])
})
