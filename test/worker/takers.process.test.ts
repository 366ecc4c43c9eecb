import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixed, float } from '../../src/index.ts'
import type { ClassLoad } from '../../src/queue/redis/options.ts'
import { createRedisQueue } from '../../src/queue/redis/redis-queue.ts'
import type { TrialJob } from '../../src/runner/job.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'
import { BEHAVIOURS, behaving, openTestRun } from '../helpers/run.ts'
import { shared } from '../helpers/workers.ts'

let jobs = 0
const job = (mode: string, changes: Partial<TrialJob> = {}): TrialJob => ({
  ...{ id: `1-${++jobs}-${jobs}`, fence: jobs, phase: 'run', module: BEHAVIOURS, trial: jobs, attempt: 1 },
  ...{ params: { x: 0.5, mode }, seed: 0, metric: 'loss', goal: 'minimize', engine: 'cpu', limits: {} },
  checkpoint: `${temporaryFolder()}/checkpoint`,
  ...changes,
})

describe.skipIf(!hasRedis)(`a worker of several classes${NO_REDIS}`, () => {
  const server = redisForAll()

  /** A queue of that class, and what has happened in it: `started 7`, `finished 7`, in a list that others write to as well. */
  function opened(redis: ReturnType<typeof shared>, resourceClass: string, seen: string[]) {
    const study = randomBytes(8).toString('hex')
    const queue = createRedisQueue({ ...redis, module: BEHAVIOURS, study, name: resourceClass, resourceClass })
    onTestFinished(() => queue.close())
    void (async () => {
      for await (const event of eventsOf(queue))
        if (event.type === 'started') seen.push(`${resourceClass} ${event.id} on ${event.environment.worker}`)
        else if (event.type === 'finished') seen.push(`${resourceClass} ${event.id} ${event.outcome.type}`)
    })()
    return queue
  }

  async function worker(redis: ReturnType<typeof shared>, name: string, classes: readonly string[], slots = 1) {
    const options = { ...redis, name, classes, slots, engine: 'cpu', cache: temporaryFolder() } as const
    const started = await startWorker(options)
    onTestFinished(() => started.close())
    return started
  }

  test('takes those of the first, and others where it has a slot and none of the first waits', async () => {
    const redis = shared(server().url)
    await worker(redis, 'both', ['large', 'small'])
    const seen: string[] = []
    const [large, small] = [opened(redis, 'large', seen), opened(redis, 'small', seen)]
    const first = job('sleep')
    await small.submit(first)
    await until(() => seen.length > 0, 'the small one to run while none is large')
    const [next, wanted] = [job('sleep'), job('sleep')]
    await small.submit(next)
    await large.submit(wanted)
    await until(() => seen.includes(`small ${next.id} complete`), 'all to end')
    const starts = seen.filter((text) => text.includes(' on '))
    expect(starts).toEqual([`small ${first.id} on both`, `large ${wanted.id} on both`, `small ${next.id} on both`])
  })

  test('gets those of a study that names its class', async () => {
    const redis = shared(server().url)
    await worker(redis, 'large', ['large'])
    const { run, archive } = openTestRun(behaving('instant', { budget: { trials: 1 }, class: 'large' }), { redis })
    await run.run()
    expect(archive.trials()[0]?.environment).toMatchObject({ worker: 'large' })
  })

  test('keeps nothing from others that it has no slot for', async () => {
    const redis = shared(server().url)
    const both = await worker(redis, 'both', ['large', 'small'])
    const seen: string[] = []
    const [large, small] = [opened(redis, 'large', seen), opened(redis, 'small', seen)]
    const long = job('until stopped')
    await large.submit(long)
    await until(() => seen.includes(`large ${long.id} on both`), 'the large one to run')
    const two = [job('instant'), job('instant')]
    for (const each of two) await small.submit(each)
    await worker(redis, 'other', ['small'])
    await until(() => two.every(({ id }) => seen.includes(`small ${id} complete`)), 'another to take the small ones')
    expect(seen).toContain(`small ${two[0]?.id} on other`)
    expect(both.counts()).toMatchObject({ running: 1, finished: 0 })
    await large.stop(long.id)
    await until(() => both.counts().finished === 1, 'the large one to end')
  })

  test('takes nothing beside one that must be alone, which others may have', async () => {
    const redis = shared(server().url)
    const first = await worker(redis, 'first', ['small'], 2)
    const seen: string[] = []
    const small = opened(redis, 'small', seen)
    const long = job('until stopped')
    await small.submit(long)
    await until(() => seen.includes(`small ${long.id} on first`), 'the first to run')
    const alone = job('instant', { alone: 'machine' })
    await small.submit(alone)
    await until(() => first.counts().running === 2, 'it to be taken')
    const others = [job('instant'), job('instant')]
    for (const each of others) await small.submit(each)
    await worker(redis, 'other', ['small'])
    await until(() => others.every(({ id }) => seen.includes(`small ${id} complete`)), 'another to take them')
    expect(seen.filter((text) => text.endsWith('on first'))).toEqual([`small ${long.id} on first`])
    await small.stop(long.id)
    await until(() => seen.includes(`small ${alone.id} complete`), 'its turn to come')
    expect(seen).toContain(`small ${alone.id} on first`)
    const next = job('instant')
    await small.submit(next)
    await until(() => seen.includes(`small ${next.id} complete`), 'the next to be taken')
  })

  test('runs no more at once than it has slots, whatever the classes', async () => {
    const redis = shared(server().url)
    const both = await worker(redis, 'both', ['large', 'small'], 2)
    const seen: string[] = []
    const queues = [opened(redis, 'large', seen), opened(redis, 'small', seen)]
    for (let i = 0; i < 6; i++) for (const queue of queues) await queue.submit(job('sleep'))
    let most = 0
    while (seen.filter((text) => text.endsWith('complete')).length < 12) {
      most = Math.max(most, both.counts().running)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(most).toBe(2)
  })

  test('takes no trial that asks for more GPU memory than it has; that one waits, and is counted and said', async () => {
    const redis = shared(server().url)
    const memory = (name: string, gpuMemory: number) =>
      startWorker({ ...redis, name, gpuMemory, slots: 1, engine: 'cpu', announceMs: 200, cache: temporaryFolder() })
    const small = await memory('small', 24e9)
    onTestFinished(() => small.close())
    const loads: ClassLoad[] = []
    const asks = ({ x = 0 }: { x?: number }) => (x < 0.3 ? '40GB' : x < 0.6 ? '20GB' : undefined)
    const study = behaving('instant', {
      ...{
        enqueue: [0.1, 0.5, 0.9, 0.2, 0.8].map((x) => ({ x })),
        budget: { trials: 5 },
        gpuMemory: asks as () => string,
      },
    })
    const { run, archive, progress } = openTestRun(study, {
      redis: { ...redis, everyMs: 200, onLoad: (seen) => void loads.splice(0, loads.length, ...seen) },
    })
    const done = run.run()
    const sizes = () => archive.trials().map(({ params, environment }) => [asks(params), environment?.worker])
    await until(() => sizes().filter(([, worker]) => worker === 'small').length === 3, 'the smaller ones to run')
    await until(() => loads.some(({ class: place, needed }) => place === 'default+40GB' && needed === 2), 'the count')
    expect(progress.filter((event) => event.type === 'note' && /40 GB of GPU memory/.test(event.text))).toHaveLength(1)
    const large = await memory('large', 80e9)
    onTestFinished(() => large.close())
    await done
    const states = archive.trials().map(({ state, attempts }) => `${state} ${attempts}`)
    expect(states).toEqual(Array(5).fill('complete 1'))
    expect(sizes().filter(([size]) => size === '40GB')).toEqual(Array(2).fill(['40GB', 'large']))
  })

  test('gets a trial that lacked memory beside others and alone in the class before it', async () => {
    const redis = shared(server().url)
    await worker(redis, 'small', ['small'], 2)
    await worker(redis, 'large', ['large'])
    const message = 'OOM when allocating tensor with shape[9]'
    const study = behaving('throws twice', {
      space: { x: float(0, 1), mode: fixed('throws twice'), message: fixed(message) },
      ...{ class: () => ['small', 'large'], budget: { trials: 1 } },
    })
    const module = new URL('../fixtures/studies/devices.ts', import.meta.url).href
    const { run, archive } = openTestRun(study, { module, redis: { ...redis, everyMs: 200 } })
    await run.run()
    expect(archive.trials()).toMatchObject([{ state: 'complete', attempts: 3, environment: { worker: 'large' } }])
  })

  test('is not asked for what a function of the study makes up', async () => {
    const redis = shared(server().url)
    await worker(redis, 'any', ['default'])
    const { run, archive } = openTestRun(behaving('instant', { budget: { trials: 1 }, class: () => 'a:b' }), { redis })
    await run.run()
    expect(archive.trials()).toMatchObject([
      {
        state: 'failed',
        attempts: 0,
        reason: { code: 'study.invalid', message: expect.stringContaining('study.class') },
      },
    ])
  })
})
