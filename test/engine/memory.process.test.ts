import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { TrialJob } from '../../src/runner/job.ts'
import { residentMemory } from '../../src/runner/memory.ts'
import type { EngineName } from '../../src/study/engine.ts'
import type { Metrics } from '../../src/study/trial.ts'
import { findEngine } from '../helpers/engines.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const SHORT = new URL('../fixtures/studies/short.ts', import.meta.url).href
const TRIALS = 200
const MIB = 2 ** 20

/**
 * Runs the same trial many times in one trainer process. Returns what it reported each time, with tensors and bytes by its
 * own count, and how much memory was resident afterwards.
 */
async function repeat(times: number, engine: EngineName) {
  const queue = createEmbeddedQueue({ slots: 1, module: SHORT, engine })
  onTestFinished(() => queue.close())
  const folder = temporaryFolder()
  for (let n = 1; n <= times; n++) await queue.submit(job(n, engine, join(folder, 'checkpoint')))
  const seen: { metrics: Metrics; resident: number }[] = []
  for await (const event of eventsOf(queue)) {
    if (event.type !== 'finished') continue
    if (event.outcome.type !== 'complete') throw new Error(JSON.stringify(event.outcome))
    const { metrics } = event.outcome
    seen.push({ metrics, resident: residentMemory(metrics.pid ?? 0) })
    if (seen.length === times) break
  }
  return seen
}

function job(n: number, engine: EngineName, checkpoint: string): TrialJob {
  return {
    id: `1-${n}-${n}`,
    fence: n,
    phase: 'run',
    module: SHORT,
    trial: 1,
    attempt: 1,
    params: { learningRate: 0.003 },
    seed: 0,
    metric: 'validationLoss',
    goal: 'minimize',
    engine,
    limits: {},
    checkpoint,
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

describe.each(['cpu', 'wasm', 'tensorflow', 'webgpu'] as const)('%s', async (name) => {
  const engine = await findEngine(name)

  test.skipIf(!engine)(
    'two hundred trials in one trainer: no tensor left, no byte, memory as it was, and always the same loss',
    async () => {
      // V8 lets its young generation grow, in steps of several MiB, as long as nothing stops it.
      vi.stubEnv('NODE_OPTIONS', '--max-semi-space-size=1')
      onTestFinished(() => void vi.unstubAllEnvs())
      const seen = await repeat(TRIALS, name)
      expect(new Set(seen.map(({ metrics }) => metrics.pid)).size).toBe(1)
      expect(new Set(seen.map(({ metrics }) => `${metrics.tensors} tensors, ${metrics.bytes} bytes`)).size).toBe(1)
      const resident = seen.map(({ resident }) => resident)
      const early = median(resident.slice(20, 40))
      const late = median(resident.slice(-20))
      expect(early).toBeGreaterThan(20 * MIB)
      expect(late - early).toBeLessThan(Math.max(10 * MIB, 0.05 * early))
    },
  )
})
