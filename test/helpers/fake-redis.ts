import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

export interface FakeRedis {
  readonly port: number
  /** The commands it was sent, in order. */
  readonly heard: readonly (readonly string[])[]
}

/**
 * Something that listens where a Redis is expected, until the end of the test: it sends what `answer` returns for each command,
 * nothing for `undefined`, and hangs up after `null`.
 */
export async function fakeRedis(answer: (words: readonly string[]) => string | undefined | null): Promise<FakeRedis> {
  const heard: (readonly string[])[] = []
  const server = createServer((socket) => {
    let text = ''
    socket.on('error', () => {})
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part
      // https://redis.io/docs/latest/develop/reference/protocol-spec/: an array of strings, none of which has a line end here.
      for (;;) {
        const [whole, count] = /^\*(\d+)\r\n/.exec(text) ?? []
        const lines = whole === undefined ? [] : text.slice(whole.length).split('\r\n')
        const length = 2 * Number(count)
        if (whole === undefined || lines.length <= length) return
        const words = lines.slice(0, length).filter((_, index) => index % 2 === 1)
        text = lines.slice(length).join('\r\n')
        heard.push(words)
        const reply = answer(words)
        if (reply === null) return socket.end()
        if (reply !== undefined) socket.write(reply)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, heard }
}

/** What a server answers that says this of itself. */
export function answering(info: Record<string, string | number>) {
  return ([name = '']: readonly string[]): string => {
    if (name.toLowerCase() !== 'info') return '+OK\r\n'
    const text = Object.entries(info)
      .map(([key, value]) => `${key}:${value}\r\n`)
      .join('')
    return `$${text.length}\r\n${text}\r\n`
  }
}
