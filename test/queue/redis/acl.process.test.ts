import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { namesUnder } from '../../../src/queue/redis/names.ts'
import { openStore } from '../../../src/store/store.ts'
import { startCli } from '../../helpers/cli.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { until } from '../../helpers/processes.ts'
import { hasOpenssl, hasRedis, NO_OPENSSL, NO_REDIS, type RedisServer, redisForAll } from '../../helpers/redis.ts'

const PAGE = readFileSync(new URL('../../../docs/workers.md', import.meta.url), 'utf8')
const RULES = /^ACL SETUSER (dynotune .+)$/m.exec(PAGE)?.[1] ?? ''
const ACL = ['user default off', `user ${RULES.replace('PASSWORD', 'hidden')}`, 'user admin on >admin ~* &* +@all']
const PATIENT = fileURLToPath(new URL('../../fixtures/studies/patient.ts', import.meta.url))

const urlOf = ({ url }: RedisServer, user = 'dynotune:hidden') => url.replace('//', `//${user}@`)

/** Commands of a folder, a cache and a secret that no other test has. */
function place(url: string, environment: NodeJS.ProcessEnv = {}) {
  const folder = temporaryFolder()
  const all = { DYNOTUNE_SECRET: 'a secret of sixteen', XDG_CACHE_HOME: folder, ...environment }
  return {
    start: (...words: readonly string[]) => startCli([...words, '--redis', url], folder, all),
    attempts() {
      const store = openStore(`${folder}/.dynotune/dynotune.db`)
      const study = store.findStudy('patient')
      const trials = study ? store.archive(study).trials() : []
      store.close()
      return trials.map(({ state, attempts }) => `${state} ${attempts}`)
    },
  }
}

async function joined({ start }: ReturnType<typeof place>, ...words: readonly string[]) {
  const worker = start('worker', '--slots', '2', '--engine', 'cpu', ...words)
  await until(() => worker.stdout().includes('"joined"'), 'the worker to join')
  return worker
}

describe.skipIf(!hasRedis)(`the user that docs/workers.md describes${NO_REDIS}`, () => {
  const server = redisForAll({ acl: ACL })

  function admin(): Redis {
    const redis = new Redis(urlOf(server(), 'admin:admin'))
    onTestFinished(() => redis.disconnect())
    return redis
  }

  test('may do all that a run, workers that come and go, and top ask of Redis', async () => {
    const here = place(urlOf(server()))
    const leaver = await joined(here, '--name', 'leaver', '--grace', '0.1s')
    const run = here.start('run', PATIENT)
    const { queue, prefix } = namesUnder()
    const redis = admin()
    // The keys that workers/README.md names.
    const [busy, waiting] = [`${prefix}:${queue('default')}:active`, `${prefix}:${queue('default')}:prioritized`]
    await expect.poll(() => redis.llen(busy), { timeout: 20_000 }).toBe(2)
    await expect.poll(() => redis.zcard(waiting), { timeout: 20_000 }).toBe(2)
    leaver.child.kill('SIGTERM')
    expect((await leaver.ended).code).toBe(0)
    const second = await joined(here, '--name', 'second')
    const top = await here.start('top').ended
    expect(JSON.parse(top.stdout)).toMatchObject({ workers: [{ name: 'second', slots: 2 }] })
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' })
    expect(here.attempts()).toEqual(['complete 2', 'complete 2', 'complete 1', 'complete 1'])
    second.child.kill('SIGTERM')
    await second.ended
    // What Redis would not let it do, also where nobody noticed.
    expect(await redis.acl('LOG')).toEqual([])
  })

  test('reaches nothing of another prefix, and no other rights', async () => {
    await admin().set('other:key', 'theirs')
    const redis = new Redis(urlOf(server()))
    onTestFinished(() => redis.disconnect())
    const theirs = [
      ...['get other:key', 'set other:key mine', 'del other:key', 'xadd other:stream * event {}'],
      ...['copy other:key dynotune:key', 'rename other:key dynotune:key', 'publish other word', 'subscribe other'],
    ]
    const dangerous = [
      ...[
        'keys *',
        'flushall',
        'flushdb',
        'swapdb 0 1',
        'script flush',
        'function flush',
        'save',
        'shutdown',
        'monitor',
      ],
      ...['config get *', 'acl list', 'client list', 'client kill id 1', 'replicaof no one', 'migrate h 1 k 0 1'],
    ]
    for (const line of [...theirs, ...dangerous]) {
      const [command = '', ...words] = line.split(' ')
      await expect(redis.call(command, ...words), line).rejects.toThrow(/NOPERM/)
    }
    await expect(redis.eval("return redis.call('get', 'other:key')", 0)).rejects.toThrow(/can't access/)
    expect(await admin().get('other:key')).toBe('theirs')
    // Names are not secret: `dynotune top` looks for classes in this way.
    expect((await redis.scan(0))[1]).toContain('other:key')
  })

  test('ends a run under another prefix with the reason', async () => {
    const { code, stderr } = await place(urlOf(server())).start('run', PATIENT, '--prefix', 'other').ended
    expect(code).toBe(1)
    expect(stderr).toContain('NOPERM')
    expect(stderr).not.toContain('hidden')
  })
})

describe.skipIf(!hasRedis || !hasOpenssl)(`that user, in TLS${NO_REDIS}${NO_OPENSSL}`, () => {
  const server = redisForAll({ tls: true, acl: ACL })

  test('runs a study', async () => {
    const here = place(urlOf(server()), { DYNOTUNE_REDIS_CA: server().ca })
    expect(urlOf(server())).toMatch(/^rediss:/)
    await joined(here)
    expect(await here.start('run', PATIENT, '--trials', '2').ended).toMatchObject({ code: 0, stderr: '' })
    expect(here.attempts()).toEqual(['complete 1', 'complete 1'])
  })
})
