import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunOptions } from '../../src/scheduler/run-study.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'
import { behaving, openTestRun } from '../helpers/run.ts'
import { shared } from '../helpers/workers.ts'

/** A run of two trials, of which the first ran when the engine was older, as the database has it. */
async function resumed(options: Partial<RunOptions> = {}) {
  const db = join(temporaryFolder(), 'studies.db')
  const first = openTestRun(behaving('instant', { budget: { trials: 1 } }), { db })
  await first.run.run()
  const raw = new DatabaseSync(db)
  raw.exec("UPDATE environment SET fields = json_set(fields, '$.engineVersion', 'TensorFlow.js 1.0.0')")
  raw.close()
  return openTestRun(behaving('instant', { budget: { trials: 2 } }), { db, ...options })
}

const BOTH = /began on cpu with TensorFlow\.js 1\.0\.0; this machine has TensorFlow\.js 4\./

test('a study does not go on with an engine of another version, unless it is told to', async () => {
  const { db, run, archive } = await resumed()
  await expect(run.run()).rejects.toMatchObject({
    code: 'engine.version',
    message: expect.stringMatching(BOTH),
    remedy: expect.stringContaining('--any-engine-version'),
  })
  expect(archive.trials().map(({ state }) => state)).toEqual(['complete', 'waiting'])
  const told = openTestRun(behaving('instant', { budget: { trials: 2 } }), { db, anyEngineVersion: true })
  await told.run.run()
  expect(archive.trials().map(({ state }) => state)).toEqual(['complete', 'complete'])
})

describe.skipIf(!hasRedis)(`over Redis${NO_REDIS}`, () => {
  const server = redisForAll()

  test('a worker whose engine has another version gets nothing of the study, and goes on for others', async () => {
    const redis = shared(server().url)
    const name = randomUUID()
    const worker = await startWorker({ ...redis, name, slots: 1, engine: 'cpu', cache: temporaryFolder() })
    onTestFinished(() => worker.close())
    const { run, archive, progress } = await resumed({ redis: { ...redis, everyMs: 200 } })
    const done = run.run()
    const notes = () => progress.flatMap((event) => (event.type === 'note' ? event.text : []))
    const said = () => notes().filter((text) => BOTH.test(text) && text.startsWith(name))
    await until(() => said().length > 0, 'it to be refused')
    const slots = () => progress.flatMap((event) => (event.type === 'slots' ? event.slots : []))
    await until(() => slots().at(-1) === 0, 'its slots to count no more')
    const other = openTestRun(behaving('instant', { budget: { trials: 1 } }), { redis: { ...redis, everyMs: 200 } })
    await other.run.run()
    expect(other.archive.trials()).toMatchObject([{ state: 'complete', attempts: 1 }])
    run.scheduler.stop()
    await done
    expect(archive.trials()[1]).toMatchObject({ state: 'waiting' })
    expect(said()).toHaveLength(1)
  })
})
