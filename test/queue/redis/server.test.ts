import { expect, test } from 'vitest'
import { waitBefore, withhold } from '../../../src/queue/redis/connection.ts'
import { faultOf } from '../../../src/queue/redis/fault.ts'
import { factsIn, judgeServer } from '../../../src/queue/redis/server.ts'
import { thrownBy } from '../../helpers/errors.ts'

const FINE = { version: '7.0.15', mode: 'standalone', role: 'master', maxmemory: 0, policy: 'noeviction', aof: true }

test('what a server says of itself is read', () => {
  const info = [
    '# Server',
    'redis_version:7.0.15',
    'redis_mode:standalone',
    'executable:/usr/bin/redis:server',
    '',
    '# Memory',
    'maxmemory:1048576',
    'maxmemory_policy:noeviction',
    'aof_enabled:1',
    'role:master',
    '',
  ].join('\r\n')
  expect(factsIn(info)).toEqual({ ...FINE, maxmemory: 1048576 })
  expect(factsIn('')).toMatchObject({ version: 'unknown', maxmemory: 0, aof: undefined })
})

test('a server that keeps everything gives no cause for a warning', () => {
  expect(judgeServer(FINE, 'h:1')).toEqual([])
  expect(judgeServer({ ...FINE, maxmemory: 1e9 }, 'h:1')).toEqual([])
  expect(judgeServer({ ...FINE, mode: undefined, role: undefined, policy: undefined, aof: undefined }, 'h:1')).toEqual(
    [],
  )
})

test.each(['6.2.0', '6.2', '6.10.1', '7.0.15', '8.0.0-rc1', '10.0.0'])('version %s will do', (version) => {
  expect(judgeServer({ ...FINE, version }, 'h:1')).toEqual([])
})

test.each(['6.0.16', '6.1.9', '5.0.7', '2.8', 'unknown', ''])('version %j will not', (version) => {
  expect(thrownBy(() => judgeServer({ ...FINE, version }, 'h:1'))).toMatchObject({
    code: 'redis.version',
    value: version,
    remedy: 'install Redis 6.2 or newer',
  })
})

test('a server that throws keys away is refused where it can happen, and else warned of', () => {
  for (const policy of ['allkeys-lru', 'volatile-lru', 'volatile-ttl', 'allkeys-random']) {
    expect(thrownBy(() => judgeServer({ ...FINE, policy, maxmemory: 1 }, 'h:1'))).toMatchObject({
      code: 'redis.policy',
      value: policy,
      remedy: expect.stringContaining('maxmemory-policy noeviction'),
    })
    expect(judgeServer({ ...FINE, policy }, 'h:1')).toEqual([expect.stringContaining(policy)])
  }
})

test('a server that writes nothing down is warned of, with what is lost and what to do', () => {
  expect(judgeServer({ ...FINE, aof: false }, 'h:1')).toEqual([
    expect.stringMatching(/^Redis at h:1 .* lost.* redis-cli config set appendonly yes/),
  ])
})

test('replicas, clusters and sentinels are refused', () => {
  for (const facts of [{ role: 'slave' }, { mode: 'cluster' }, { mode: 'sentinel' }]) {
    expect(thrownBy(() => judgeServer({ ...FINE, ...facts }, 'h:1'))).toMatchObject({ code: 'redis.connection' })
  }
})

test('attempts to connect come less and less often, at most 2 s apart, and not in step', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map((attempt) => waitBefore(attempt, () => 0))).toEqual([
    100, 200, 400, 800, 1600, 2000, 2000,
  ])
  expect(waitBefore(100, () => 0.5)).toBe(1500)
})

test('an error loses the password and the words of its command', () => {
  const error = Object.assign(new Error('unknown: `AUTH`, `se$&cret`'), {
    command: { name: 'auth', args: ['se$&cret'] },
  })
  expect(withhold(error, 'se$&cret')).toBe(error)
  expect(error.message).toBe('unknown: `AUTH`, `…`')
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('se$&cret')
})

test.each<[string, string | undefined, RegExp, RegExp]>([
  [
    'connect ECONNREFUSED 127.0.0.1:1',
    'ECONNREFUSED',
    /^nothing listens there \(ECONNREFUSED\)$/,
    /start redis-server/,
  ],
  ['getaddrinfo ENOTFOUND x', 'ENOTFOUND', /host is unknown/, /name of the host/],
  ['connect ETIMEDOUT', 'ETIMEDOUT', /does not answer/, /firewall/],
  ['WRONGPASS invalid username-password pair', undefined, /^it refuses .* \(WRONGPASS\)$/, /correct/],
  ["NOPERM this user has no permissions to run the 'info' command", undefined, /NOPERM/, /\+info/],
  ['ERR DB index is out of range', undefined, /database of that number$/, /number/],
  ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', /nobody that is trusted/, /DYNOTUNE_REDIS_CA/],
  ["Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID', /another host/, /name/],
  ['certificate has expired', 'CERT_HAS_EXPIRED', /not valid today/, /renew/],
  ['no answer within 5 s', undefined, /^no answer within 5 s$/, /rediss/],
  ['ERR something new', undefined, /^ERR something new$/, /log/],
])('%s is put in words', (message, code, reason, remedy) => {
  expect(faultOf(Object.assign(new Error(message), code && { code }))).toEqual({
    reason: expect.stringMatching(reason),
    remedy: expect.stringMatching(remedy),
  })
})
