import { expect, test } from 'vitest'
import { askRedis } from '../../../src/cli/doctor/redis.ts'
import { answering, fakeRedis } from '../../helpers/fake-redis.ts'

test('a server that answers has a version; the password is sent, and shown nowhere', async () => {
  const { port, heard } = await fakeRedis(answering({ redis_version: '7.2.0' }))
  const server = await askRedis(`redis://me:se%3Acret@127.0.0.1:${port}/3`)
  expect(server).toEqual({ address: `127.0.0.1:${port}`, answers: true, version: '7.2.0' })
  expect(heard[0]?.slice(1)).toEqual(['3', 'AUTH', 'me', 'se:cret'])
  expect(heard.at(-1)).toEqual(['select', '3'])
})

test.each<[string, string | undefined | null, string]>([
  ['that wants a password', '-NOAUTH Authentication required.\r\n', 'it wants a password (NOAUTH)'],
  ['that hangs up', null, 'it hung up'],
  ['that speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'something else than Redis is there'],
  ['that says nothing', undefined, 'no answer within 1 s'],
])('a server %s', async (_name, reply, detail) => {
  const { port } = await fakeRedis(() => reply)
  expect(await askRedis(`redis://127.0.0.1:${port}`)).toEqual({ address: `127.0.0.1:${port}`, answers: false, detail })
})

test('a port where nothing listens, and an address that is none', async () => {
  expect(await askRedis('redis://127.0.0.1:1')).toMatchObject({
    answers: false,
    detail: expect.stringContaining('ECONNREFUSED'),
  })
  for (const url of ['localhost:6379', 'http://localhost', 'nonsense'])
    expect(await askRedis(url)).toMatchObject({ answers: false, detail: expect.stringContaining('redis://host:port') })
})
