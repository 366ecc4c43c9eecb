import { createServer } from 'node:net'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { askRedis, repliesIn } from '../../../src/cli/doctor/redis.ts'

/** A server that answers whatever comes first with this text, or not at all; and what it was sent. */
async function serving(reply: string | undefined): Promise<{ port: number; received: () => string }> {
  let received = ''
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (received === '' && reply !== undefined) socket.end(reply)
      received += text
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, received: () => received }
}

const info = 'redis_version:7.2.0\r\nredis_mode:standalone\r\n'
const bulk = `$${info.length}\r\n${info}\r\n`

test('a server that answers has a version; the password is sent, and shown nowhere', async () => {
  const { port, received } = await serving(`+OK\r\n+PONG\r\n${bulk}`)
  const server = await askRedis(`redis://me:se%3Acret@127.0.0.1:${port}/3`)
  expect(server).toEqual({ address: `127.0.0.1:${port}`, answers: true, version: '7.2.0' })
  expect(received()).toBe(
    '*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$7\r\nse:cret\r\n' + '*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n',
  )
})

test.each<[string, string, object]>([
  [
    'that wants a password',
    '-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n',
    { answers: false, detail: 'NOAUTH Authentication required.' },
  ],
  ['that keeps its version to itself', '+PONG\r\n-NOPERM no permission\r\n', { answers: true }],
  ['that counts in words', '$many\r\n$-1\r\n', { answers: false, detail: 'something else than Redis is there' }],
  ['that hangs up', '+PON', { answers: false, detail: 'it hung up' }],
  [
    'that speaks something else',
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    { answers: false, detail: 'something else than Redis is there' },
  ],
])('a server %s', async (_name, reply, expected) => {
  const { port } = await serving(reply)
  expect(await askRedis(`redis://127.0.0.1:${port}`)).toEqual({ address: `127.0.0.1:${port}`, ...expected })
})

test('a server that says nothing is given up after a second', async () => {
  const { port } = await serving(undefined)
  expect(await askRedis(`redis://127.0.0.1:${port}`)).toMatchObject({ answers: false, detail: 'no answer within 1 s' })
})

test('a port where nothing listens, and an address that is none', async () => {
  expect(await askRedis('redis://127.0.0.1:1')).toMatchObject({
    answers: false,
    detail: expect.stringContaining('ECONNREFUSED'),
  })
  for (const url of ['localhost:6379', 'http://localhost', 'nonsense'])
    expect(await askRedis(url)).toMatchObject({ answers: false, detail: expect.stringContaining('redis://host:port') })
})

test('replies are whole wherever the stream is cut', () => {
  const reply = fc.oneof(
    fc.stringMatching(/^[+-][A-Za-z ]{0,10}$/).map((line) => ({ line, wire: `${line}\r\n` })),
    fc.stringMatching(/^[a-z:\r\n]{0,20}$/).map((line) => ({ line, wire: `$${line.length}\r\n${line}\r\n` })),
  )
  fc.assert(
    fc.property(fc.array(reply), fc.nat(), (replies, cut) => {
      const wire = replies.map((each) => each.wire).join('')
      expect(repliesIn(wire)).toEqual(replies.map(({ line }) => line))
      const part = repliesIn(wire.slice(0, cut % (wire.length + 1)))
      expect(part).toEqual(replies.slice(0, part.length).map(({ line }) => line))
    }),
  )
})
