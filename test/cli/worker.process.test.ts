import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/queue/redis/connection.ts'
import { namesUnder } from '../../src/queue/redis/names.ts'
import { openStore } from '../../src/store/store.ts'
import { type CliProcess, cli, startCli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'
import { hasRedis, NO_REDIS, redisForAll } from '../helpers/redis.ts'

const STEADY = fileURLToPath(new URL('../fixtures/studies/steady.ts', import.meta.url))
const PATIENT = fileURLToPath(new URL('../fixtures/studies/patient.ts', import.meta.url))
const PASSWORD = 'a-word-that-nobody-may-see'
const SECRET = 'another-word-that-nobody-may-see'

describe.skipIf(!hasRedis)(`dynotune worker${NO_REDIS}`, () => {
  const server = redisForAll({ acl: [`user default on >${PASSWORD} ~* &* +@all`] })
  const url = () => server().url.replace('//', `//:${PASSWORD}@`)
  let prefixes = 0

  /** A folder, keys and a cache that no other test has; and how to start commands there. */
  function place() {
    const folder = temporaryFolder()
    const prefix = `test-${prefixes++}`
    const environment = { DYNOTUNE_SECRET: SECRET, XDG_CACHE_HOME: join(folder, 'cache'), DYNOTUNE_REDIS: url() }
    const common = ['--prefix', prefix]
    return {
      prefix,
      start: (...words: readonly string[]) =>
        // Only `run` must be told that it is to use it.
        startCli([...words, ...common, ...(words[0] === 'run' ? ['--redis'] : [])], folder, environment),
      alone: (...words: readonly string[]) => cli(words, folder, environment),
      top: async () => JSON.parse((await cli(['top', ...common], folder, environment)).stdout),
      trials(name: string) {
        const store = openStore(join(folder, '.dynotune/dynotune.db'))
        const study = store.findStudy(name)
        const trials = study ? store.archive(study).trials() : []
        store.close()
        return trials
      },
    }
  }

  const logOf = ({ stdout }: CliProcess) =>
    stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  const joined = (worker: CliProcess) => until(() => worker.stdout().includes('"joined"'), 'the worker to join')

  test('runs the trials of another process, says how it is, and leaves when asked', async () => {
    const { start, top, trials } = place()
    const options = ['--slots', '2', '--engine', 'cpu', '--name', 'one', '--label', 'rack=7', '--http', '0']
    const worker = start('worker', ...options)
    await until(() => worker.stdout().includes('/metrics'), 'its port')
    const { port } = logOf(worker).find((entry) => 'port' in entry)
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    expect(await get('/healthz')).toBe('ok\n')
    expect(await get('/metrics')).toContain('dynotune_worker_slots 2\n')

    const run = await start('run', STEADY).ended
    expect(run.stderr).toBe('')
    expect(run.stdout).toContain('steady: 8 complete')
    expect(run.code).toBe(0)
    const done = trials('steady')
    expect(done).toHaveLength(8)
    expect(done.map(({ environment }) => environment?.worker)).toEqual(Array(8).fill('one'))
    expect(await get('/metrics')).toContain('dynotune_worker_trials_total{outcome="finished"} 8\n')
    expect(await top()).toMatchObject({
      workers: [{ name: 'one', classes: ['default'], engine: 'cpu', labels: { rack: '7' }, busy: 0, slots: 2 }],
      queues: [{ class: 'default', waiting: 0, running: 0, slots: 2 }],
    })

    worker.child.kill('SIGTERM')
    const { code, stdout, stderr } = await worker.ended
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect((await top()).workers).toEqual([])
    const log = logOf(worker)
    expect(log.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['joined', 'leaving', 'left']))
    expect(log.at(-1)).toMatchObject({ level: 'info', msg: 'left', time: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect(log.filter(({ msg, outcome }) => msg === 'finished' && outcome === 'complete')).toHaveLength(8)
    for (const word of [PASSWORD, SECRET]) expect(stdout).not.toContain(word)
  })

  test('hands back within the grace what takes longer, and another goes on with it', async () => {
    const { start, trials, alone } = place()
    const options = ['worker', '--slots', '1', '--engine', 'cpu', '--grace', '0s', '--name']
    const first = start(...options, 'first')
    await joined(first)
    const run = start('run', PATIENT, '--trials', '1', '--json')
    await until(() => run.stdout().includes('"measured"'), 'a trial to be on its way')
    first.child.kill('SIGINT')
    expect((await first.ended).code).toBe(0)
    expect(logOf(first)).toContainEqual(expect.objectContaining({ msg: 'finished', outcome: 'lost' }))

    const second = start(...options, 'second')
    expect((await run.ended).code).toBe(0)
    const [trial] = trials('patient')
    // A run that does not ask for Redis is not sent there.
    expect((await alone('run', STEADY, '--trials', '1')).code).toBe(0)
    expect(trials('steady').map(({ environment }) => environment?.worker)).toEqual([undefined])
    expect(trial).toMatchObject({ state: 'complete', attempts: 2, environment: { worker: 'second' } })
    expect(trial?.metrics?.begun).toBeGreaterThan(0)

    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  test('Ctrl-C twice leaves at once, with exit code 130', async () => {
    const { start } = place()
    const worker = start('worker', '--slots', '1', '--engine', 'cpu', '--grace', '1h')
    await joined(worker)
    const run = start('run', PATIENT, '--trials', '1', '--json')
    await until(() => run.stdout().includes('"measured"'), 'a trial to be on its way')
    worker.child.kill('SIGINT')
    await until(() => worker.stdout().includes('Ctrl-C again'), 'the signal to be seen')
    worker.child.kill('SIGINT')
    expect((await worker.ended).code).toBe(130)
  })

  test('top shows what waits for workers that are not there, and writes nothing', async () => {
    const { prefix, top } = place()
    const redis = connect(url(), 'commands')
    const queue = new Queue(namesUnder(prefix).queue('gpu-80g'), { connection: redis, prefix })
    try {
      await queue.add('trial', {}, { priority: 1000 })
      const keys = () => redis.keys(`${prefix}:*`)
      const before = await keys()
      expect(await top()).toEqual({
        ...{ redis: `127.0.0.1:${server().port}`, prefix, version: expect.any(String) },
        studies: [],
        workers: [],
        queues: [{ class: 'gpu-80g', waiting: 1, running: 0, slots: 0 }],
      })
      expect((await keys()).sort()).toEqual(before.sort())
    } finally {
      await queue.close()
      redis.disconnect()
    }
  })

  test('a wrong password is named as such and not shown', async () => {
    const environment = { DYNOTUNE_SECRET: SECRET }
    const wrong = server().url.replace('//', '//:not-the-word@')
    for (const command of ['worker', 'top']) {
      const { code, stdout, stderr } = await cli([command, '--redis', wrong], temporaryFolder(), environment)
      expect(code).toBe(1)
      expect(stderr).toMatch(/it refuses the user or the password.*\[redis\.connection\]\n.*--redis\n/)
      expect(stdout + stderr).not.toContain('not-the-word')
    }
  })
})

test.each([
  ['no secret', [], undefined, /\[worker\.secret\]\n {2}at: {2}DYNOTUNE_SECRET\n {2}try: set DYNOTUNE_SECRET/],
  ['a secret that is easily guessed', [], 'short', /fewer than 16 characters\. \[worker\.secret\]/],
  ['no URL', ['--redis', 'http://:sesame@host'], SECRET, /\[redis\.url\]/],
  ['a slot too few', ['--slots', '0'], SECRET, /--slots takes a whole number from 1\. \[option\.invalid\]/],
  ['a label without a value', ['--label', 'a=b', 'rack'], SECRET, /\[option\.invalid\]\n.*--label\n.*"rack"\n.*rack=7/],
] as const)('a worker with %s does not start, with exit code 2', async (_name, words, secret, says) => {
  const environment = { DYNOTUNE_SECRET: secret }
  const all = ['worker', '--redis', 'redis://127.0.0.1:1', ...words]
  const { code, stdout, stderr } = await cli(all, temporaryFolder(), environment)
  expect(stderr).toMatch(says)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).not.toContain('sesame')
})
