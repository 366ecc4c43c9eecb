import { availableParallelism } from 'node:os'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fixed, float } from '../../src/index.ts'
import type { RunOptions } from '../../src/scheduler/run-study.ts'
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

/** Runs trials that behave alike on one trainer; for each, what the store has of it and the process of its last attempt. */
async function run(
  { mode, message = '', engine = 'cpu', trials = 1, parallel = 1 }: Trials,
  options: Partial<RunOptions> = {},
) {
  const study = behaving(mode, {
    space: { x: float(0.5, 1), mode: fixed(mode), message: fixed(message) },
    budget: { trials },
    engine,
    parallel,
  })
  const opened = openTestRun(study, { module: DEVICES, ...options })
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
  test('memory that does not suffice makes the trial infeasible, and its process is not used again', async () => {
    const { trials, pids } = await run({
      mode: 'throws',
      message: 'OOM when allocating tensor with shape[9]',
      trials: 2,
    })
    const infeasible = {
      state: 'infeasible',
      attempts: 1,
      reason: { code: 'engine.memory', message: expect.stringContaining('OOM when allocating') },
    }
    expect(trials).toMatchObject([infeasible, infeasible])
    expect(new Set(pids).size).toBe(2)
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
