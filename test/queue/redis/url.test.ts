import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, isLoopback, parseRedisUrl, redact } from '../../../src/queue/redis/url.ts'
import { thrownBy } from '../../helpers/errors.ts'

test.each<[string, object]>([
  ['redis://host', { host: 'host', port: 6379, secure: false, db: 0 }],
  ['rediss://Host.Example:1234/', { host: 'host.example', port: 1234, secure: true, db: 0 }],
  ['redis://:p%40ss@[::1]/12', { host: '::1', port: 6379, secure: false, password: 'p@ss', db: 12 }],
  ['redis://me:a:b@1.2.3.4', { host: '1.2.3.4', port: 6379, secure: false, username: 'me', password: 'a:b', db: 0 }],
])('%s is read', (url, address) => {
  expect(parseRedisUrl(url)).toEqual(address)
})

test.each<[string, unknown, RegExp]>([
  ['localhost:6379', 'localhost:', /not of the form/],
  ['https://me:hidden@host', 'https:', /not of the form/],
  ['', undefined, /not of the form/],
  ['redis://', 'redis:', /no host/],
  ['redis:host', 'redis:', /no host/],
  ['redis://host:port', undefined, /not of the form/],
  ['redis://me:hidden@host/name', 'redis://…@host/name', /not a number/],
  ['redis://host/1/2', 'redis://host/1/2', /not a number/],
  ['redis://me:hidden@host?family=6', 'redis://…@host?family=6', /question mark/],
  ['redis://me:hi%den@host', 'redis://…@host', /% that is not followed/],
  ['redis://me:12#hidden@host', 'redis://…@host', /hash sign/],
  ['redis://me:12/hidden@host', 'redis://…@host', /not a number/],
])('%s is refused', (url, value, message) => {
  const error = thrownBy(() => parseRedisUrl(url))
  expect(error).toMatchObject({ code: 'redis.url', path: '--redis', value, message: expect.stringMatching(message) })
  expect(error.remedy).toContain('redis://user:password@host:6379')
  expect(JSON.stringify(error) + error.stack).not.toContain('hidden')
})

test('an address has a port and neither user nor password', () => {
  expect(addressOf('rediss://me:secret@host/3')).toBe('host:6379')
  expect(addressOf('redis://[fe80::1]:7')).toBe('[fe80::1]:7')
})

test.each([
  ['localhost', true],
  ['LocalHost', true],
  ['redis.localhost', true],
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['[::1]', true],
  ['localhost.example.com', false],
  ['notlocalhost', false],
  ['127.0.0.1.example.com', false],
  ['127.example.com', false],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['[::]', false],
  ['127.1', false],
])('whether %s is this machine: %s', (host, expected) => {
  expect(isLoopback(`redis://${host}:6379`)).toBe(expected)
  expect(isLoopback(`redis://localhost:localhost@${host}`)).toBe(expected)
})

test('users and passwords are taken out of any text, the rest of it stays', () => {
  const word = fc.stringMatching(/^[!-~]{1,30}$/)
  fc.assert(
    fc.property(word, word, fc.boolean(), fc.boolean(), (user, password, escaped, secure) => {
      const info = [user, password].map((each) => (escaped ? encodeURIComponent(each) : each)).join(':')
      // What ends a string in JSON may not be in a password as it is: see `redact`.
      fc.pre(!/"[,:}\]]/.test(info))
      const scheme = secure ? 'rediss://' : 'redis://'
      expect(redact(`from ${scheme}${info}@host:6379/0 to mail@example.org`)).toBe(
        `from ${scheme}…@host:6379/0 to mail@example.org`,
      )
      const record = { url: `${scheme}${encodeURIComponent(user)}@h`, to: 'mail@example.org' }
      expect(JSON.parse(redact(JSON.stringify(record)))).toEqual({ url: `${scheme}…@h`, to: record.to })
    }),
  )
  expect(redact('redis://host:6379 and rediss://host')).toBe('redis://host:6379 and rediss://host')
})
