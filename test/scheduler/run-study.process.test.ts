import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTuner, fixed, float, int } from '../../src/index.ts'
import { openRun } from '../../src/scheduler/run-study.ts'
import { openStore } from '../../src/store/store.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import { trainersOf } from '../helpers/cli.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { BEHAVIOURS, behaving, openTestRun } from '../helpers/run.ts'

test('a study runs its budget; what the samplers suggest by number is what ran', async () => {
  const study = behaving('instant', { budget: { trials: 30 }, parallel: 2, seed: 5 })
  const { run, archive, progress } = openTestRun(study)
  const summary = await run.run()
  const tuner = createTuner({ space: study.definition.space, seed: 5, sampler: 'halton' })
  tuner.ask(30)
  const trials = archive.trials()
  expect(trials.map(({ params }) => params)).toEqual(tuner.trials.map(({ params }) => params))
  expect(trials.every(({ state, value, params }) => state === 'complete' && value === params.x)).toBe(true)
  expect(summary).toMatchObject({
    interrupted: false,
    best: { value: Math.min(...trials.map(({ value }) => value ?? 1)) },
  })
  expect(progress.filter(({ type }) => type === 'finished')).toHaveLength(30)
})

test('trainers are reused, and replaced after a number of jobs', async () => {
  const pids = async (recycleAfter: number) => {
    const { run, archive } = openTestRun(behaving('instant', { budget: { trials: 12 } }), { recycleAfter })
    await run.run()
    return archive.trials().map(({ metrics }) => metrics?.pid)
  }
  expect(new Set(await pids(1000)).size).toBe(1)
  const recycled = await pids(4)
  expect(new Set(recycled).size).toBe(3)
  expect(new Set(recycled.slice(0, 4)).size).toBe(1)
})

describe('running again', () => {
  test('continues: more trials of the same sequence, none again', async () => {
    const { run, db } = openTestRun(behaving('instant', { budget: { trials: 4 } }))
    await run.run()
    const again = openTestRun(behaving('instant', { budget: { trials: 7 } }), { db })
    expect(again.run.finishedBefore).toBe(4)
    await again.run.run()
    expect(again.archive.trials().map(({ number, attempts }) => [number, attempts])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((n) => [n, 1]),
    )
    const enough = openTestRun(behaving('instant', { budget: { trials: 7 } }), { db })
    expect((await enough.run.run()).best?.number).toBe(
      (await again.archive.trials().sort((a, b) => (a.value ?? 0) - (b.value ?? 0)))[0]?.number,
    )
    expect(enough.progress.filter(({ type }) => type === 'started')).toEqual([])
  })

  test('with another space, seed or goal is refused, naming what differs; --fresh starts the next number', async () => {
    const { run, db, store } = openTestRun(behaving('instant'))
    await run.run()
    for (const [field, change] of [
      ['space', { space: { x: float(0, 2), mode: fixed('instant') } }],
      ['seed', { seed: 9 }],
      ['goal', { goal: 'maximize' }],
      ['sampler', { sampler: 'random' }],
    ] as const) {
      const error = thrownBy(() => openRun({ study: behaving('instant', change), module: BEHAVIOURS, store }))
      expect(error).toMatchObject({
        code: 'study.changed',
        path: `study.${field}`,
        remedy: expect.stringContaining('--fresh'),
      })
    }
    const fresh = openTestRun(behaving('instant', { seed: 9 }), { db, fresh: true })
    expect(fresh.run.record.number).toBe(2)
    await fresh.run.run()
  })

  test('while it is running is refused, and allowed afterwards', async () => {
    const { run, db } = openTestRun(behaving('sleep'))
    expect(thrownBy(() => openTestRun(behaving('sleep'), { db })).code).toBe('study.locked')
    await run.run()
    await openTestRun(behaving('sleep'), { db }).run.run()
  })
})

test('a run whose study was taken over while it slept stops at its next commit, and leaves no trainer behind', async () => {
  const { run, db, progress } = openTestRun(behaving('sleep', { budget: { trials: 50 } }))
  const ending = run.run()
  await until(() => progress.some(({ type }) => type === 'finished'), 'a trial to finish')
  const later = openStore(db, () => Date.now() + 60_000)
  onTestFinished(() => later.close())
  later.takeLease(run.record)
  await expect(ending).rejects.toMatchObject({ code: 'store.lease_lost' })
  const finished = progress.filter(({ type }) => type === 'finished').length
  expect(later.countTrials(run.record).complete).toBe(finished)
  await until(() => trainersOf(process.pid).length === 0, 'the trainers to be gone')
})

describe('asked to end', () => {
  test('finish lets running trials complete, starts none, and a later run completes the budget', async () => {
    const { run, db, progress, archive } = openTestRun(behaving('sleep', { budget: { trials: 8 }, parallel: 2 }))
    const ending = run.run()
    await until(() => progress.filter(({ type }) => type === 'started').length >= 2, 'two trials to start')
    run.scheduler.finish()
    expect(await ending).toMatchObject({ interrupted: true })
    const states = archive.trials().map(({ state }) => state)
    expect(states.filter((state) => state === 'complete')).toHaveLength(
      progress.filter(({ type }) => type === 'started').length,
    )
    expect(states.filter((state) => state !== 'complete' && state !== 'waiting')).toEqual([])
    const again = openTestRun(behaving('sleep', { budget: { trials: 8 }, parallel: 2 }), { db })
    expect(await again.run.run()).toMatchObject({ interrupted: false })
    expect(again.archive.trials().map(({ state }) => state)).toEqual(Array(8).fill('complete'))
  })

  test('stop ends at once; what had finished is kept and the rest runs again', async () => {
    const { run, db, progress } = openTestRun(behaving('sleep', { budget: { trials: 6 }, parallel: 2 }))
    const ending = run.run()
    await until(() => progress.some(({ type }) => type === 'finished'), 'a trial to finish')
    await sleep(100)
    run.scheduler.stop()
    expect(await ending).toMatchObject({ interrupted: true })
    const again = openTestRun(behaving('sleep', { budget: { trials: 6 }, parallel: 2 }), { db })
    expect(again.run.finishedBefore).toBeGreaterThan(0)
    await again.run.run()
    const trials = again.archive.trials()
    expect(trials.map(({ state }) => state)).toEqual(Array(6).fill('complete'))
    expect(Math.max(...trials.map(({ attempts }) => attempts))).toBe(2)
  })

  test('by the time budget: what runs is asked to stop and keeps its best value, what waits does not start', async () => {
    const { run, archive, progress } = openTestRun(behaving('until stopped', { budget: { time: 3 }, parallel: 2 }))
    expect(await run.run()).toMatchObject({ interrupted: false })
    const trials = archive.trials()
    expect(trials.slice(0, 2)).toMatchObject([{ state: 'stopped', value: expect.any(Number) }, { state: 'stopped' }])
    expect(trials.slice(2).every(({ state }) => state === 'waiting')).toBe(true)
    expect(progress.filter(({ type }) => type === 'started')).toHaveLength(2)
  })
})

test('a sampler of the author decides, and sees the trials before', async () => {
  const halving: Sampler = {
    name: 'halving',
    suggest: ({ trials }, count) =>
      Array.from({ length: count }, (_, i) => ({ x: 0.5 ** (trials.length + i), mode: 'instant' })),
  }
  const { run, archive } = openTestRun(behaving('instant', { sampler: halving, budget: { trials: 5 } }))
  await run.run()
  expect(archive.trials().map(({ value }) => value)).toEqual([1, 0.5, 0.25, 0.125, 0.0625])
})

test('a grid ends when its space is used up, before the budget', async () => {
  const { run, archive } = openTestRun(
    behaving('instant', { space: { x: int(1, 3), mode: fixed('instant') }, sampler: 'grid', budget: { trials: 10 } }),
  )
  await run.run()
  expect(archive.trials().map(({ value }) => value)).toEqual([1, 2, 3])
})

test('a sampler that cannot use the space is refused, and the study can be run with another', async () => {
  const db = join(temporaryFolder(), 'studies.db')
  expect(thrownBy(() => openTestRun(behaving('instant', { sampler: 'grid' }), { db }))).toMatchObject({
    code: 'space.infinite',
    path: 'space.x',
  })
  const { run, archive } = openTestRun(behaving('instant', { sampler: 'random' }), { db })
  await run.run()
  expect(run.record).toMatchObject({ number: 1, definition: { sampler: 'random' } })
  expect(archive.trials()).toHaveLength(3)
})
