import { Redis, type RedisOptions } from 'ioredis'
import { DynotuneError } from '../../errors.ts'
import { faultOf } from './fault.ts'
import { factsIn, judgeServer, type ServerFacts } from './server.ts'
import { tlsOptions } from './tls.ts'
import { formatAddress, parseRedisUrl } from './url.ts'

/**
 * What a connection is for. `commands` gives up when the first attempt to connect fails, so that a wrong address is known at
 * once; `blocking` waits for a server that is not there yet.
 */
export type ConnectionRole = 'commands' | 'blocking'

export interface ConnectOptions {
  /** What `CLIENT LIST` calls it. Default: `dynotune`. */
  readonly name?: string
}

/** For how long an attempt to connect may take, in ms: after an outage a new one is sooner through than an old one. */
const CONNECT_TIMEOUT = 5000

/** The longest wait between two attempts to connect, in ms. */
const LONGEST_WAIT = 2000

/**
 * A connection whose peer says nothing while commands wait is given up after this time, in ms, and made anew: a machine that
 * lost its power says no goodbye. Longer than the short outages that TCP itself survives, and than any command may block.
 */
const SILENCE = 30_000

/** For how long a server may think about who it is, in ms. */
const ANSWER_LIMIT = 4000

/** Why there is no connection, for those that are not there. */
const lastErrors = new WeakMap<Redis, Error>()

/**
 * Begins to connect. Throws `redis.url` for what is no URL of Redis and `redis.connection` for a `DYNOTUNE_REDIS_CA` that is no
 * certificate; whether there is a server, and one that will do, `checkServer` says.
 *
 * A connection that was there once is made again for as long as it takes, and commands wait for it. Those that were under way
 * when it broke are sent again: they may be carried out twice. No command may block for more than 20 s.
 */
export function connect(url: string, role: ConnectionRole, { name = 'dynotune' }: ConnectOptions = {}): Redis {
  const { secure, ...address } = parseRedisUrl(url)
  let patient = role === 'blocking'
  const redis = new Redis({
    ...address,
    ...(secure && { tls: tlsOptions(address.host) }),
    // Neither spaces nor line ends may be in it.
    connectionName: name.replace(/[^!-~]+/g, '-'),
    connectTimeout: CONNECT_TIMEOUT,
    socketTimeout: SILENCE,
    enableReadyCheck: true,
    maxRetriesPerRequest: null,
    enableAutoPipelining: true,
    retryStrategy: (times) => (patient ? waitBefore(times) : null),
  })
  redis.once('ready', () => {
    patient = true
  })
  return guard(redis)
}

/**
 * Whether a server is there and will do: its version, and what its user should know. Throws `redis.connection`, within a few
 * seconds, `redis.version` and `redis.policy`. Leaves the connection as it is.
 */
export async function checkServer(
  redis: Redis,
  limitMs = ANSWER_LIMIT,
): Promise<{ version: string; warnings: string[] }> {
  const address = addressOfConnection(redis)
  const facts = await askServer(redis, limitMs).catch((error: unknown) => {
    const { reason, remedy } = faultOf(error)
    throw new DynotuneError('redis.connection', `Redis at ${address} cannot be used: ${reason}.`, {
      path: '--redis',
      value: address,
      remedy,
    })
  })
  return { version: facts.version, warnings: judgeServer(facts, address) }
}

/** Asks a server what it is. Is rejected with whatever went wrong, the password taken out; see `faultOf`. */
export async function askServer(redis: Redis, limitMs = ANSWER_LIMIT): Promise<ServerFacts> {
  try {
    // One with sections needs Redis 7.
    const text = await within(limitMs, redis.info())
    const { db } = redis.options
    // A database that does not exist is no obstacle to ioredis: it goes on in the first one.
    if (db) await within(limitMs, redis.select(db))
    return factsIn(text)
  } catch (error) {
    // The connection knows better why a command did not come through than the command does.
    const known = isReply(error) ? undefined : lastErrors.get(redis)
    throw withhold(known ?? (error as Error), redis.options.password)
  }
}

/**
 * Keeps why a connection is not there, and the password out of its errors: those of ioredis have the words of the command that
 * failed, which for the first one are user and password.
 */
function guard(redis: Redis): Redis {
  // Runs before other listeners, and before whoever waits for a command hears of the same error.
  redis.on('error', (error: Error) => lastErrors.set(redis, withhold(error, redis.options.password)))
  redis.on('ready', () => lastErrors.delete(redis))
  // In this way BullMQ makes more of them.
  const { duplicate } = redis
  redis.duplicate = ((override?: Partial<RedisOptions>) => guard(duplicate.call(redis, override))) as Redis['duplicate']
  return redis
}

/** In ms: doubles from 100, and differs by up to a half, so that many workers do not come back at the same moment. */
export function waitBefore(attempt: number, random = Math.random): number {
  return Math.min(LONGEST_WAIT, 50 * 2 ** attempt) * (1 - random() / 2)
}

/** Takes the password out of an error, which it returns. */
export function withhold(error: Error, password: string | null | undefined): Error {
  if ('command' in error) delete error.command
  if (password) {
    error.message = error.message.replaceAll(password, '…')
    if (error.stack) error.stack = error.stack.replaceAll(password, '…')
  }
  return error
}

/** Whether the server itself said so. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}

function addressOfConnection({ options: { host = 'localhost', port = 6379 } }: Redis): string {
  return formatAddress({ host, port })
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
