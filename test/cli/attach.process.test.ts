import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import { cli, startCli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'
import { shared, workerProcess } from '../helpers/workers.ts'

const PATIENT = fileURLToPath(new URL('../fixtures/studies/patient.ts', import.meta.url))

/** A folder with a copy of the study, and what is stored of it there. */
function place() {
  const folder = temporaryFolder()
  const study = join(folder, 'patient.ts')
  copyFileSync(PATIENT, study)
  const trials = () => {
    const store = openStore(join(folder, '.dynotune/dynotune.db'))
    const record = store.findStudy('patient')
    const found = record ? store.archive(record).trials() : []
    store.close()
    return found
  }
  return { folder, study, trials }
}

test('attach shows a run until it ends, and takes nothing from it', async () => {
  const { folder, study, trials } = place()
  const run = startCli(['run', study, '--parallel', '2', '--trials', '3'], folder)
  await until(() => run.stdout().includes('patient: 3 trials'), 'the run to begin')
  const attached = await cli(['attach', 'patient'], folder)
  expect(attached).toMatchObject({ code: 0, stderr: '' })
  expect(attached.stdout).toContain(`Process ${run.pid} on `)
  expect(attached.stdout).toMatch(/^\[3\/3\] trial \d {2}0\.\d+/m)
  expect((await run.ended).code).toBe(0)
  expect(trials().map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(3).fill('complete 1'))
})

test('attach names the file where the database does not have the study', async () => {
  const { folder, study } = place()
  await cli(['run', study, '--trials', '1'], folder)
  const attached = await cli(['attach', 'patient'], folder)
  expect(attached.code).toBe(2)
  expect(attached.stderr).toMatch(/study\.no_bundle.*dynotune run patient\.ts/s)
})

describe.skipIf(!hasRedis)(`over Redis${NO_REDIS}`, () => {
  const server = redisForAll()

  test('attach takes over from one that was killed, without the study file', async () => {
    const { folder, study, trials } = place()
    const redis = shared(server().url)
    await workerProcess({ ...redis, slots: 2 })
    const environment = { DYNOTUNE_SECRET: redis.secret, XDG_CACHE_HOME: temporaryFolder() }
    const where = ['--redis', redis.url, '--prefix', redis.prefix]
    const run = startCli(['run', study, '--trials', '4', ...where], folder, environment)
    onTestFinished(() => void run.child.kill('SIGKILL'))
    await until(() => trials().some(({ state }) => state === 'running'), 'a trial to run')
    run.child.kill('SIGKILL')
    await run.ended
    rmSync(study)
    const attached = await cli(['attach', 'patient', ...where], folder, environment)
    expect(attached).toMatchObject({ code: 0, stderr: '' })
    expect(attached.stdout).toMatch(/^patient: 4 complete in /m)
    expect(attached.stdout).not.toContain('the study file has changed')
    expect(trials().map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(Array(4).fill('complete 1'))
  })
})
