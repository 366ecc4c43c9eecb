import { DynotuneError } from '../../errors.ts'
import { askServer, connect } from '../../queue/redis/connection.ts'
import { faultOf } from '../../queue/redis/fault.ts'
import { addressOf } from '../../queue/redis/url.ts'
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
  /** Present when it answers. */
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
  let address = 'unknown'
  try {
    address = addressOf(url)
    const redis = connect(url, 'commands')
    try {
      const { version } = await askServer(redis, TIME_LIMIT_MS)
      return { address, answers: true, version }
    } finally {
      redis.disconnect()
    }
  } catch (error) {
    return { address, answers: false, detail: error instanceof DynotuneError ? error.message : faultOf(error).reason }
  }
}
