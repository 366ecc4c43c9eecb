import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type ConnectionRole, checkServer, connect } from '../../../src/queue/redis/connection.ts'
import { rejectionOf, thrownBy } from '../../helpers/errors.ts'
import { answering, fakeRedis } from '../../helpers/fake-redis.ts'
import { temporaryFolder } from '../../helpers/folder.ts'
import { until } from '../../helpers/processes.ts'
import {
  freePort,
  hasOpenssl,
  hasRedis,
  NO_OPENSSL,
  NO_REDIS,
  redisForAll,
  redisForTest,
  startRedis,
} from '../../helpers/redis.ts'

/** A connection until the end of the test. */
function connected(url: string, role: ConnectionRole = 'commands', name?: string): Redis {
  const redis = connect(url, role, name === undefined ? {} : { name })
  onTestFinished(() => redis.disconnect())
  return redis
}

/** Why a server is refused; fails if it takes long or if the word `hidden` is anywhere in the error. */
async function refusalOf(url: string, limitMs?: number) {
  const heard: unknown[] = []
  const redis = connected(url).on('error', (error) => heard.push(error))
  const began = performance.now()
  const error = await rejectionOf(checkServer(redis, limitMs))
  expect(performance.now() - began).toBeLessThan(5000)
  for (const each of [error, ...heard]) {
    expect(JSON.stringify(each, Object.getOwnPropertyNames(each)), String(each)).not.toContain('hidden')
  }
  return error
}

describe.skipIf(!hasRedis)(`a connection to a real server${NO_REDIS}`, () => {
  const plain = redisForAll()

  test('says its version, that it keeps nothing, and who is there', async () => {
    const redis = connected(plain().url, 'commands', 'dynotune worker 7')
    const { version, warnings } = await checkServer(redis)
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(warnings).toEqual([expect.stringMatching(/appendonly no/)])
    expect(await redis.client('LIST')).toMatch(/ name=dynotune-worker-7 /)
  })

  test('is warned of nothing where all is kept', async () => {
    const { url } = await redisForTest({ aof: true })
    expect((await checkServer(connected(url))).warnings).toEqual([])
  })

  test('uses the database that the URL names, if there is one', async () => {
    const { url } = plain()
    await connected(`${url}/3`).set('where', 'three')
    expect(await connected(url).get('where')).toBeNull()
    expect(await connected(`${url}/3`).get('where')).toBe('three')
    expect(await refusalOf(`${url}/99`)).toMatchObject({
      code: 'redis.connection',
      message: expect.stringContaining('does not have the database of that number'),
    })
  })

  test('needs the right password', async () => {
    const { port } = await redisForTest({ acl: ['user default on >hidden:1 ~* &* +@all'] })
    expect(await checkServer(connected(`redis://:hidden%3A1@127.0.0.1:${port}`))).toHaveProperty('version')
    const at = { code: 'redis.connection', path: '--redis', value: `127.0.0.1:${port}` }
    const [none, wrong] = [`127.0.0.1:${port}`, `me:hidden2@127.0.0.1:${port}`].map((rest) =>
      refusalOf(`redis://${rest}`),
    )
    expect(await none).toMatchObject({ ...at, message: expect.stringContaining('wants a password (NOAUTH)') })
    expect(await wrong).toMatchObject({ ...at, message: expect.stringContaining('(WRONGPASS)') })
  })

  test('that throws away keys is refused', async () => {
    const { url } = await redisForTest({ policy: 'allkeys-lru', maxmemory: '100mb' })
    expect(await refusalOf(url)).toMatchObject({ code: 'redis.policy', value: 'allkeys-lru' })
  })

  test('needs no more than a user whom other prefixes are closed to', async () => {
    const rights =
      'resetchannels -@all +@read +@write +@connection +@scripting +@blocking +@transaction -@dangerous +info +client|setname +client|list -keys -script|flush -script|kill'
    const { port } = await redisForTest({
      acl: ['user default off', `user study on >hidden ~mine:* ${rights}`, 'user blind on >hidden ~* +@read'],
    })
    const url = `redis://study:hidden@127.0.0.1:${port}`
    const redis = connected(url)
    expect(await checkServer(redis)).toHaveProperty('version')
    await expect(redis.set('other:key', '1')).rejects.toThrow(/NOPERM/)
    const queue = new Queue('default', { connection: redis, prefix: 'mine' })
    const worker = new Worker('default', async ({ data }) => data + 1, {
      connection: connected(url, 'blocking'),
      prefix: 'mine',
    })
    onTestFinished(async () => {
      await worker.close()
      await queue.close()
    })
    const done = new Promise((resolve) => worker.on('completed', (_job, result) => resolve(result)))
    await queue.add('one', 41)
    expect(await done).toBe(42)
    expect(await refusalOf(`redis://blind:hidden@127.0.0.1:${port}`)).toMatchObject({
      code: 'redis.connection',
      message: expect.stringContaining('(NOPERM)'),
      remedy: expect.stringContaining('+info'),
    })
  })

  test('is made again when the server was killed, and commands wait for it', async () => {
    const server = await redisForTest({ aof: true })
    const commands = connected(server.url)
    const twin = commands.duplicate()
    onTestFinished(() => twin.disconnect())
    const waiting = connected(server.url, 'blocking')
    await commands.set('before', '1')
    await twin.ping()
    const arrival = waiting.blpop('list', 20)
    await server.kill()
    const after = commands.incr('before')
    const seen = twin.get('never')
    await until(() => commands.status === 'reconnecting', 'the loss of the connection')
    await server.restart()
    expect(await after).toBe(2)
    expect(await seen).toBeNull()
    await commands.rpush('list', 'item')
    expect(await arrival).toEqual(['list', 'item'])
    expect(await checkServer(commands)).toHaveProperty('version')
  })

  test('waits while the server stands still, and is made anew when that takes too long', async () => {
    const server = await redisForTest()
    const redis = connected(server.url)
    await redis.ping()
    server.pause()
    const pong = redis.ping()
    expect(redis.status).toBe('ready')
    server.resume()
    expect(await pong).toBe('PONG')
    redis.options.socketTimeout = 100
    server.pause()
    const later = redis.ping()
    await until(() => redis.status === 'reconnecting', 'the connection to be given up')
    server.resume()
    expect(await later).toBe('PONG')
  })

  test('for commands is given up when there never was one, for blocking commands it waits', async () => {
    const port = await freePort()
    const url = `redis://127.0.0.1:${port}`
    expect(await refusalOf(url)).toMatchObject({
      code: 'redis.connection',
      message: `Redis at 127.0.0.1:${port} cannot be used: nothing listens there (ECONNREFUSED).`,
      remedy: expect.stringContaining('start redis-server'),
    })
    const redis = connected(url, 'blocking')
    const pong = redis.ping()
    await until(() => redis.status === 'reconnecting', 'the first attempt to fail')
    const server = await startRedis({ port })
    onTestFinished(() => server.stop())
    expect(await pong).toBe('PONG')
  })

  describe.skipIf(!hasOpenssl)(`in TLS${NO_OPENSSL}`, () => {
    const secure = redisForAll({ tls: true, acl: ['user default on >hidden ~* &* +@all'] })
    const urlOf = (host = 'localhost', scheme = 'rediss') => `${scheme}://:hidden@${host}:${secure().port}`

    test('trusts the authority that it is told to trust, for the host in the certificate', async () => {
      vi.stubEnv('DYNOTUNE_REDIS_CA', secure().ca)
      onTestFinished(() => void vi.unstubAllEnvs())
      const redis = connected(urlOf())
      expect(await checkServer(redis)).toHaveProperty('version')
      const twin = redis.duplicate()
      onTestFinished(() => twin.disconnect())
      expect(await twin.ping()).toBe('PONG')
      expect(await refusalOf(urlOf('127.0.0.1'))).toMatchObject({
        message: expect.stringContaining('for another host (ERR_TLS_CERT_ALTNAME_INVALID)'),
      })
    })

    test('does not trust anybody else', async () => {
      expect(await refusalOf(urlOf())).toMatchObject({
        code: 'redis.connection',
        message: expect.stringContaining('signed by nobody that is trusted here'),
        remedy: expect.stringContaining('DYNOTUNE_REDIS_CA'),
      })
    })

    test('is not spoken on one side only', async () => {
      expect(await refusalOf(urlOf('127.0.0.1', 'redis'))).toMatchObject({
        remedy: expect.stringContaining('rediss://'),
      })
      expect(await refusalOf(plain().url.replace('redis:', 'rediss:'), 500)).toMatchObject({
        remedy: expect.stringContaining('only there'),
      })
    })
  })
})

describe('what is no server that will do', () => {
  test('an old one, which knows no HELLO and shows the words of commands', async () => {
    const answer = answering({ redis_version: '5.0.7' })
    const { port } = await fakeRedis((words) =>
      words[0] === 'hello'
        ? `-ERR unknown command \`HELLO\`, with args beginning with: ${words.map((word) => `\`${word}\``).join()}\r\n`
        : answer(words),
    )
    expect(await refusalOf(`redis://:hidden@127.0.0.1:${port}`)).toMatchObject({
      code: 'redis.version',
      value: '5.0.7',
      remedy: 'install Redis 6.2 or newer',
    })
  })

  test('one that shows the password in an answer of its own making', async () => {
    const { port } = await fakeRedis((words) => `-ERR cannot parse ${words.join(' ')}\r\n`)
    expect(await refusalOf(`redis://:hidden@127.0.0.1:${port}`)).toMatchObject({
      code: 'redis.connection',
      message: expect.stringContaining('ERR cannot parse'),
    })
  })

  test('something else', async () => {
    const { port } = await fakeRedis(() => 'HTTP/1.1 400 Bad Request\r\n\r\n')
    expect(await refusalOf(`redis://:hidden@127.0.0.1:${port}`)).toMatchObject({
      code: 'redis.connection',
      message: expect.stringContaining('something else than Redis'),
    })
  })

  test('one that accepts and says nothing', async () => {
    const { port } = await fakeRedis(() => undefined)
    expect(await refusalOf(`redis://:hidden@127.0.0.1:${port}`, 300)).toMatchObject({
      message: expect.stringContaining('no answer within 0.3 s'),
    })
  })

  test('a host that nobody knows', async () => {
    expect(await refusalOf('redis://:hidden@nowhere.invalid')).toMatchObject({
      message: expect.stringMatching(/nowhere\.invalid:6379 .* its host is unknown/),
    })
  })
})

test('a file for DYNOTUNE_REDIS_CA has a certificate in it', () => {
  const file = join(temporaryFolder(), 'ca.pem')
  vi.stubEnv('DYNOTUNE_REDIS_CA', file)
  onTestFinished(() => void vi.unstubAllEnvs())
  const refused = { code: 'redis.connection', path: 'DYNOTUNE_REDIS_CA', value: file }
  expect(thrownBy(() => connect('rediss://host', 'commands'))).toMatchObject(refused)
  writeFileSync(file, 'no certificate')
  expect(thrownBy(() => connect('rediss://host', 'commands'))).toMatchObject(refused)
})
