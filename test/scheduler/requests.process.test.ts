import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { choice, float } from '../../src/index.ts'
import type { StudyRequest } from '../../src/store/requests.ts'
import { openStore } from '../../src/store/store.ts'
import { trainersOf } from '../helpers/cli.ts'
import { isAlive, until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForTest } from '../helpers/redis.ts'
import { behaving, openTestRun } from '../helpers/run.ts'
import { shared, workerProcess } from '../helpers/workers.ts'

/** A run, and what another process sees and asks of it: with a connection of its own. */
function observed(...args: Parameters<typeof openTestRun>) {
  const opened = openTestRun(...args)
  const { db, run, progress } = opened
  const other = openStore(db)
  onTestFinished(() => other.close())
  const count = (type: string) => progress.filter((event) => event.type === type).length
  return {
    ...opened,
    count,
    ask: (request: StudyRequest) => other.ask(run.record, request),
    trials: () => other.archive(run.record).trials(),
    notes: () => progress.flatMap((event) => (event.type === 'note' ? [event.text] : [])),
    isPaused: () => other.listStudies()[0]?.holder?.paused === true,
  }
}

test('pause lets what runs end and starts nothing; a waiting trial can be cancelled; resume goes on with the rest', async () => {
  const study = behaving('sleep', { budget: { trials: 12 }, parallel: 2 })
  const { run, ask, trials, notes, progress, count, isPaused } = observed(study)
  const ending = run.run()
  await until(() => count('started') >= 2, 'trials to start')
  ask({ kind: 'pause' })
  await until(isPaused, 'the pause')
  await until(() => !trials().some(({ state }) => state === 'running'), 'what runs to end')
  // One that was just beginning is ended.
  await sleep(300)
  const before = progress.length
  const hasBegun = (number: number) => progress.some((event) => event.type === 'started' && event.trial === number)
  // Not the one that was just beginning.
  const unwanted = trials().findIndex(({ number, state }) => state === 'waiting' && !hasBegun(number))
  expect(unwanted).toBeGreaterThan(0)
  expect(trials().filter(({ state }) => state === 'complete').length).toBeGreaterThanOrEqual(2)
  await sleep(500)
  expect(progress.length).toBe(before)
  ask({ kind: 'pause' })
  ask({ kind: 'cancel', trial: unwanted })
  await until(() => trials()[unwanted]?.state === 'failed', 'the trial to be cancelled')
  expect(progress.slice(before)).toMatchObject([{ type: 'finished', trial: { number: unwanted } }])
  ask({ kind: 'resume' })
  expect(await ending).toMatchObject({ interrupted: false })
  expect(isPaused()).toBe(false)
  expect(notes()).toEqual([expect.stringMatching(/^Paused: .* dynotune resume behaviours$/), 'Going on.'])
  const expected = Array.from({ length: 12 }, (_, number) => (number === unwanted ? 'failed' : 'complete'))
  expect(trials().map(({ state }) => state)).toEqual(expected)
  expect(trials()[unwanted]?.reason).toMatchObject({ code: 'trial.cancelled' })
  expect(hasBegun(unwanted)).toBe(false)
})

test('a paused run in which nothing runs ends when it is asked to finish, and the next is not paused', async () => {
  const { run, db, ask, isPaused, count } = observed(behaving('instant'))
  ask({ kind: 'pause' })
  const ending = run.run()
  await until(isPaused, 'the pause')
  run.scheduler.finish()
  expect(await ending).toMatchObject({ interrupted: true })
  expect(count('started')).toBe(0)
  const again = observed(behaving('instant'), { db })
  expect(await again.run.run()).toMatchObject({ interrupted: false })
  expect(again.trials().map(({ state }) => state)).toEqual(Array(3).fill('complete'))
})

test('a paused run ends when its time is up', async () => {
  const { run, ask, trials } = observed(behaving('instant', { budget: { time: 1 } }))
  ask({ kind: 'pause' })
  expect(await run.run()).toMatchObject({ interrupted: false })
  expect(trials()).toEqual([])
})

test('cancel of running trials kills their trainers and all these started, and is final; waiting ones never start', async () => {
  // More than may fail at the beginning of a study that is broken.
  const study = behaving('descends', { budget: { trials: 6 }, parallel: 3 })
  const { run, db, ask, trials, progress, count } = observed(study)
  const ending = run.run()
  await until(() => count('measured') === 3, 'the first trials to say who they are')
  const pids = progress.flatMap((event) =>
    event.type === 'measured' ? [event.metrics.pid ?? 0, event.metrics.child ?? 0] : [],
  )
  expect(pids.every(isAlive)).toBe(true)
  const [running, waiting] = [Array(3).fill('running'), Array(3).fill('waiting')]
  expect(trials().map(({ state }) => state)).toEqual([...running, ...waiting])
  for (const trial of [3, 4, 5, 0, 1, 2]) ask({ kind: 'cancel', trial })
  expect(await ending).toMatchObject({ interrupted: false, best: undefined })
  await until(() => !pids.some(isAlive), 'trainers and their children to be gone')
  const reason = { code: 'trial.cancelled', message: 'Cancelled by the user.' }
  expect(trials()).toMatchObject(Array(6).fill({ state: 'failed', reason, attempts: 1 }))
  expect(count('started')).toBe(3)
  const again = observed(study, { db })
  expect(await again.run.run()).toMatchObject({ interrupted: false })
  expect(again.count('started')).toBe(0)
})

test('cancel of a study ends its run and keeps what has finished; a trial cancelled before the next run is not run', async () => {
  const { run, db, ask, trials, notes, count } = observed(behaving('sleep', { budget: { trials: 50 }, parallel: 2 }))
  const ending = run.run()
  await until(() => count('finished') >= 1, 'a trial to finish')
  ask({ kind: 'cancel' })
  expect(await ending).toMatchObject({ interrupted: true })
  expect(notes()).toEqual([expect.stringMatching(/^Cancelled\./)])
  await until(() => trainersOf(process.pid).length === 0, 'the trainers to be gone')
  const left = trials()
  expect(left.filter(({ state }) => state === 'complete')).toHaveLength(count('finished'))
  const unwanted = left.findIndex(({ state }) => state === 'running' || state === 'waiting')
  const again = observed(behaving('sleep', { budget: { trials: left.length }, parallel: 2 }), { db })
  again.ask({ kind: 'cancel', trial: unwanted })
  await again.run.run()
  const expected = left.map(({ number }) => (number === unwanted ? 'failed' : 'complete'))
  expect(again.trials().map(({ state }) => state)).toEqual(expected)
  expect(again.progress.some((event) => event.type === 'started' && event.trial === unwanted)).toBe(false)
})

test.skipIf(!hasRedis)(`trials of workers on Redis are paused and cancelled alike${NO_REDIS}`, async () => {
  const redis = shared((await redisForTest()).url)
  await workerProcess({ ...redis, slots: 2 })
  const space = { x: float(0, 1), mode: choice(['hangs', 'sleep']) }
  const enqueue = Array.from({ length: 8 }, (_, number) => ({ mode: number === 0 ? 'hangs' : 'sleep' }))
  const study = behaving('', { space, enqueue, budget: { trials: 8 }, parallel: 2 })
  const { run, ask, trials, count, isPaused } = observed(study, { redis: { ...redis, everyMs: 200 } })
  const ending = run.run()
  await until(() => count('started') >= 2, 'trials to start')
  ask({ kind: 'pause' })
  await until(isPaused, 'the pause')
  ask({ kind: 'cancel', trial: 0 })
  await until(() => !trials().some(({ state }) => state === 'running'), 'what runs to end')
  await sleep(300)
  const before = count('started')
  expect(trials()[0]).toMatchObject({ state: 'failed', reason: { code: 'trial.cancelled' }, attempts: 1 })
  expect(trials().filter(({ state }) => state === 'waiting').length).toBeGreaterThan(0)
  await sleep(400)
  expect(count('started')).toBe(before)
  ask({ kind: 'resume' })
  expect(await ending).toMatchObject({ interrupted: false })
  expect(trials().map(({ state }) => state)).toEqual(['failed', ...Array(7).fill('complete')])
})
