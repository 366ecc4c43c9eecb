import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { behaving, openTestRun } from '../helpers/run.ts'

/** Runs `trials` trials that behave alike and returns what the store has of them. */
async function outcomes(mode: string, changes: Parameters<typeof behaving>[1] = {}) {
  const opened = openTestRun(behaving(mode, { budget: { trials: 1 }, ...changes }))
  const summary = await opened.run.run()
  return { ...opened, summary, trials: opened.archive.trials() }
}

describe('whatever run does becomes a result with its reason', () => {
  test.each([
    ['throws', 'failed', 'trial.threw', /^TypeError: no such layer$/],
    ['rejects later', 'failed', 'trial.threw', /^Error: left behind$/],
    ['exits', 'failed', 'trial.exited', /run called process\.exit\(0\)/],
    ['returns nothing', 'failed', 'trial.no_value', /run returned no "loss", and reported none/],
    ['returns text', 'failed', 'trial.not_a_number', /neither a number nor an object of numbers.*Got "excellent"/],
    ['returns metrics without the metric', 'failed', 'trial.no_value', /run returned no "loss"/],
    ['reports text', 'failed', 'trial.report', /reported "loss" is not a number.*report\.loss.*Got "low"/],
    ['returns NaN', 'infeasible', 'trial.diverged', /^Diverged: loss is NaN\.$/],
  ])('%s: %s, %s', async (mode, state, code, message) => {
    const { trials, summary } = await outcomes(mode)
    expect(trials).toMatchObject([
      { number: 0, state, attempts: 1, reason: { code, message: expect.stringMatching(message) } },
    ])
    expect(trials[0]?.value).toBeUndefined()
    expect(summary.best).toBeUndefined()
  })

  test('a thrown error keeps its stack, with the line of the study', async () => {
    const { trials } = await outcomes('throws')
    expect(trials[0]?.reason?.stack).toMatch(/TypeError: no such layer\n.*behaviours\.ts:\d+/s)
  })

  test('returning nothing after reporting takes the best reported value', async () => {
    const { trials, archive } = await outcomes('reports only')
    expect(trials).toMatchObject([{ state: 'complete', value: 0.2 }])
    expect(archive.measurements(0).map(({ metrics }) => metrics.loss)).toEqual([0.5, 0.2, Number.NaN, 0.3])
  })
})

describe('limits', () => {
  test.each(['hangs', 'spins'])('a trial that %s is killed at the time limit and infeasible', async (mode) => {
    const { trials } = await outcomes(mode, { limits: { time: 0.5 } })
    expect(trials).toMatchObject([
      {
        state: 'infeasible',
        attempts: 1,
        reason: { code: 'trial.timeout', message: expect.stringContaining('the limit for a trial is 0.5 s') },
      },
    ])
  })

  test('a trial that eats memory is killed at the limit and infeasible', async () => {
    const { trials } = await outcomes('eats memory', { limits: { memory: '400MiB' } })
    expect(trials).toMatchObject([
      {
        state: 'infeasible',
        attempts: 1,
        reason: { code: 'trial.memory', message: expect.stringContaining('the limit is 400 MiB') },
      },
    ])
  })

  test('a trial that falls silent is killed, tried again, and given up after three times', async () => {
    const { trials, progress } = await outcomes('hangs', { limits: { silence: 0.4 } })
    expect(trials).toMatchObject([
      {
        state: 'failed',
        attempts: 3,
        reason: { code: 'trial.silent', message: expect.stringContaining('not tried again') },
      },
    ])
    expect(progress.filter(({ type }) => type === 'lost')).toHaveLength(2)
  })

  test('one that reports within the limit is left alone', async () => {
    const { trials } = await outcomes('until stopped', { limits: { silence: 1.5 }, budget: { trials: 1, time: 2.5 } })
    expect(trials).toMatchObject([{ state: 'stopped', attempts: 1 }])
  })
})

describe('a trainer that dies', () => {
  test('costs its trial an attempt, not the trial; three times and the trial is at fault', async () => {
    const { trials, archive } = await outcomes('dies', { budget: { trials: 2 } })
    expect(trials).toMatchObject([
      {
        number: 0,
        state: 'failed',
        attempts: 3,
        reason: { code: 'trial.crashed', message: expect.stringContaining('SIGKILL') },
      },
      { number: 1, state: 'failed', attempts: 3 },
    ])
    expect(archive.output(0)).toBe('last words\n')
  })

  test('after a checkpoint: the next attempt continues from it, and the curve is whole', async () => {
    const { trials, archive } = await outcomes('checkpoints')
    expect(trials).toMatchObject([{ state: 'complete', value: 1 + 2 + 3 + 4, attempts: 2 }])
    expect(archive.measurements(0).map(({ step }) => step)).toEqual([1, 2, 3, 4])
  })
})

test('when the first five trials fail the study stops, with the cause, and what failed is kept', async () => {
  const { run, archive } = openTestRun(behaving('throws', { budget: { trials: 50 } }))
  await expect(run.run()).rejects.toMatchObject({
    code: 'scheduler.all_failed',
    message: expect.stringContaining('TypeError: no such layer'),
  })
  expect(archive.trials().filter(({ state }) => state === 'failed')).toHaveLength(5)
})

test('the best trial is tested once, after all others, with its own checkpoint; other checkpoints are gone', async () => {
  const { run, store, db, progress, archive } = openTestRun(
    behaving('checkpoints', { budget: { trials: 2 }, test: () => ({}) }),
  )
  const summary = await run.run()
  expect(summary.test).toEqual({ testLoss: summary.best?.params.x, testStep: 4 })
  expect(store.findStudy('behaviours')?.test).toEqual({ trial: 0, metrics: summary.test })
  const kinds = progress.map(({ type }) => type)
  expect(kinds.indexOf('testing')).toBeGreaterThan(kinds.lastIndexOf('finished'))
  expect(archive.trials()).toHaveLength(2)
  expect([0, 1].map((trial) => existsSync(`${db}.checkpoints/1/trial-${trial}.bin`))).toEqual([true, false])
  const again = openTestRun(behaving('checkpoints', { budget: { trials: 2 }, test: () => ({}) }), { db })
  expect((await again.run.run()).test).toEqual(summary.test)
  expect(again.progress.map(({ type }) => type)).not.toContain('testing')
})

test('seeds and random streams of a trial follow from study seed, trial and purpose', async () => {
  const metrics = async (seed: number) =>
    (await outcomes('seeds', { seed, budget: { trials: 2 } })).trials.map((trial) => trial.metrics)
  const first = await metrics(1)
  expect(await metrics(1)).toEqual(first)
  expect(await metrics(2)).not.toEqual(first)
  expect(new Set(first.flatMap((values) => Object.values(values ?? {}))).size).toBe(6)
})
