import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { outputOf } from './programs.ts'

const TIME_LIMIT_MS = 1000

/** What there is of Redis: workers on other machines will want one. */
export interface RedisFinding {
  /** The version of `redis-server` on the path; absent when there is none. */
  readonly installed?: string
  /** The server that `REDIS_URL` names; absent when that is not set. */
  readonly server?: RedisServer
}

export interface RedisServer {
  /** Host and port; never the password. */
  readonly address: string
  readonly answers: boolean
  /** Present when it answers and may be asked. */
  readonly version?: string
  /** Why it does not answer. */
  readonly detail?: string
}

export async function findRedis(url = process.env.REDIS_URL): Promise<RedisFinding> {
  const [printed, server] = await Promise.all([outputOf('redis-server', '--version'), url ? askRedis(url) : undefined])
  const installed = printed === undefined ? undefined : (/\bv=(\S+)/.exec(printed)?.[1] ?? 'of unknown version')
  return { ...(installed !== undefined && { installed }), ...(server && { server }) }
}

/** Asks a server whether it is there and which version it is, within a second. Never throws. */
export async function askRedis(url: string): Promise<RedisServer> {
  const { protocol, hostname, port, username, password } = URL.parse(url) ?? {}
  if (!hostname || (protocol !== 'redis:' && protocol !== 'rediss:')) {
    return { address: 'unknown', answers: false, detail: 'REDIS_URL is not of the form redis://host:port' }
  }
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
  const address = `${hostname}:${target.port}`
  const words = [decodeURIComponent(username ?? ''), decodeURIComponent(password ?? '')].filter((word) => word !== '')
  const commands = [...(words.length > 0 ? [['AUTH', ...words]] : []), ['PING'], ['INFO', 'server']]
  const secure = protocol === 'rediss:'
  try {
    const socket = secure ? connectSecurely({ ...target, servername: target.host }) : connect(target)
    const replies = await converse(socket, commands)
    const [pong = '', info = ''] = replies.slice(-2)
    const refusal = replies.slice(0, -1).find((reply) => reply.startsWith('-'))
    if (refusal) return { address, answers: false, detail: refusal.slice(1) }
    if (pong !== '+PONG') return { address, answers: false, detail: 'something else than Redis is there' }
    const version = /^redis_version:(\S+)/m.exec(info)?.[1]
    return { address, answers: true, ...(version !== undefined && { version }) }
  } catch (error) {
    return { address, answers: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

/** One reply for each command, in order; https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function converse(socket: Socket, commands: readonly (readonly string[])[]): Promise<string[]> {
  return new Promise<string[]>((resolve, reject) => {
    let text = ''
    // Latin-1 keeps a character a byte, which is what lengths count.
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part
      const replies = repliesIn(text)
      if (replies.length >= commands.length) resolve(replies)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('it hung up')))
    setTimeout(() => reject(new Error(`no answer within ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS).unref()
    socket.write(commands.map(encodeCommand).join(''))
  }).finally(() => socket.destroy())
}

function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** The whole replies at the beginning of what has arrived: lines as they are, bulk strings by their content. */
export function repliesIn(text: string): string[] {
  const replies: string[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return replies
    const line = text.slice(at, end)
    at = end + 2
    const [, digits] = /^\$(\d+)$/.exec(line) ?? []
    if (digits === undefined) {
      replies.push(line)
      continue
    }
    const length = Number(digits)
    if (text.length < at + length + 2) return replies
    replies.push(text.slice(at, at + length))
    at += length + 2
  }
}
