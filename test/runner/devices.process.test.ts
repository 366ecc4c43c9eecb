import { availableParallelism } from 'node:os'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fixed, float } from '../../src/index.ts'
import type { EngineName } from '../../src/study/engine.ts'
import { findEngine } from '../helpers/engines.ts'
import { behaving, openTestRun } from '../helpers/run.ts'

const DEVICES = new URL('../fixtures/studies/devices.ts', import.meta.url).href

interface Trials {
  readonly mode: string
  readonly message?: string
  readonly engine?: EngineName
  readonly trials?: number
  readonly parallel?: number
}

const OOM = 'OOM when allocating tensor with shape[9]'

function devices({ mode, message = '', engine = 'cpu', trials = 1, parallel = 1 }: Trials) {
  const space = { x: float(0.5, 1), mode: fixed(mode), message: fixed(message) }
  return behaving(mode, { space, budget: { trials }, engine, parallel })
}

/** Runs trials that behave alike; for each, what the store has of it and the process of its last attempt. */
async function run(asked: Trials, options: Parameters<typeof openTestRun>[1] = {}) {
  const opened = openTestRun(devices(asked), { module: DEVICES, ...options })
  await opened.run.run()
  const records = opened.archive.trials()
  const first = records.map(({ number }) => opened.archive.measurements(number).find(({ step }) => step === 0)?.metrics)
  return {
    ...opened,
    trials: records,
    pids: first.map((each) => each?.pid),
    threads: first.map((each) => each?.threads),
  }
}

test('trainers share the cores, unless the user has said how', async () => {
  const cores = availableParallelism()
  const atTwo = async () => (await run({ mode: 'throws', message: 'no such layer', trials: 1, parallel: 2 })).threads
  expect(await atTwo()).toEqual([Math.max(1, Math.floor(cores / 2))])
  vi.stubEnv('TF_NUM_INTRAOP_THREADS', '7')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await atTwo()).toEqual([7])
})

describe('what an engine says of its device', () => {
  test('memory that does not suffice, even to a trial alone, makes it infeasible; its process is not used again', async () => {
    const { trials, progress, pids } = await run({ mode: 'throws', message: OOM, trials: 2, parallel: 2 })
    const infeasible = {
      state: 'infeasible',
      attempts: 2,
      reason: { code: 'engine.memory', message: expect.stringMatching(/OOM when allocating.* and alone/) },
    }
    expect(trials).toMatchObject([infeasible, infeasible])
    expect(progress.filter(({ type }) => type === 'lost')).toHaveLength(2)
    expect(new Set(pids).size).toBe(2)
  })

  test('one that lacked memory beside others runs again while no other does', async () => {
    const { trials, progress } = await run({ mode: 'throws once', message: OOM, trials: 2, parallel: 2 })
    expect(trials.map(({ state, attempts }) => [state, attempts])).toEqual(Array(2).fill(['complete', 2]))
    const running = new Set<number>()
    for (const event of progress) {
      if (event.type === 'started') running.add(event.trial)
      if (event.type === 'started' && event.attempt === 2) expect([...running]).toEqual([event.trial])
      if (event.type === 'finished') running.delete(event.trial.number)
      if (event.type === 'lost') running.delete(event.trial)
    }
  })

  test('that memory did not suffice once is known to the next run as well', async () => {
    const first = openTestRun(devices({ mode: 'throws', message: OOM, trials: 1, parallel: 1 }), {
      module: DEVICES,
      onProgress: ({ type }) => type === 'lost' && first.run.scheduler.stop(),
    })
    await first.run.run()
    const { trials } = await run({ mode: 'throws', message: OOM }, { db: first.db })
    expect(trials).toMatchObject([{ state: 'infeasible', attempts: 2 }])
  })

  test('a lost device costs its trial an attempt, in a fresh process; three times and the trial is at fault', async () => {
    const { trials, progress } = await run({ mode: 'throws', message: 'CUDA_ERROR_ILLEGAL_ADDRESS' })
    expect(trials).toMatchObject([
      {
        state: 'failed',
        attempts: 3,
        reason: { code: 'engine.lost', message: expect.stringContaining('not tried again') },
      },
    ])
    expect(progress.filter(({ type }) => type === 'lost')).toHaveLength(2)
  })

  test('any other error fails the trial, and its process goes on', async () => {
    const { trials, pids } = await run({ mode: 'throws', message: 'no such layer', trials: 2 })
    expect(trials).toMatchObject([{ state: 'failed', reason: { code: 'trial.threw' } }, { state: 'failed' }])
    expect(new Set(pids).size).toBe(1)
  })
})

const webgpu = await findEngine('webgpu')

describe.skipIf(!webgpu)('on webgpu', () => {
  test('a trial whose device is lost in the middle is tried again on a fresh trainer, and completes', async () => {
    const { trials, progress, archive } = await run({ mode: 'loses it once', engine: 'webgpu' })
    expect(trials).toMatchObject([{ state: 'complete', attempts: 2 }])
    expect(progress.filter(({ type }) => type === 'lost')).toMatchObject([{ reason: { code: 'engine.lost' } }])
    expect(archive.measurements(0).map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('a tensor that no device has room for makes the trial infeasible, and the next trial has a fresh trainer', async () => {
    const { trials, pids } = await run({ mode: 'asks for too much', engine: 'webgpu', trials: 2 })
    expect(trials.map(({ state, reason }) => [state, reason?.code])).toEqual([
      ['infeasible', 'engine.memory'],
      ['infeasible', 'engine.memory'],
    ])
    expect(new Set(pids).size).toBe(2)
  })

  test('trainers take the devices in turn, and the record names what a trial ran on', async () => {
    const { trials } = await run({ mode: 'trains', engine: 'webgpu' }, { devices: [0, 99] })
    expect(trials).toMatchObject([{ state: 'complete', environment: { engine: 'webgpu', device: webgpu?.device } }])
  })

  test('a device that there is not stops the run, with those there are', async () => {
    await expect(run({ mode: 'trains', engine: 'webgpu' }, { devices: [99, 0] })).rejects.toMatchObject({
      code: 'runner.start',
      message: expect.stringContaining('has no such device'),
      remedy: expect.stringMatching(/^there (is|are) 0: /),
    })
  })
})
