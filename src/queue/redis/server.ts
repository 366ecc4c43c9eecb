import { DynotuneError } from '../../errors.ts'

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string | undefined
  /** `master` or `slave`. */
  readonly role: string | undefined
  /** Bytes; 0 for no limit. */
  readonly maxmemory: number
  /** What it drops when it has no memory left. */
  readonly policy: string | undefined
  /** Whether all changes go to an append-only file; undefined where it does not say. */
  readonly aof: boolean | undefined
}

/** What BullMQ wants. */
const OLDEST = [6, 2] as const

/** Reads the answer to `INFO`. */
export function factsIn(info: string): ServerFacts {
  const fields = new Map([...info.matchAll(/^([^#:\s]+):(.*?)\r?$/gm)].map(([, key = '', value = '']) => [key, value]))
  const aof = fields.get('aof_enabled')
  return {
    version: fields.get('redis_version') ?? 'unknown',
    mode: fields.get('redis_mode'),
    role: fields.get('role'),
    maxmemory: Number(fields.get('maxmemory') ?? 0),
    policy: fields.get('maxmemory_policy'),
    aof: aof === undefined ? undefined : aof === '1',
  }
}

/** Warnings, a sentence or more each; throws where the server will not do. */
export function judgeServer({ version, mode, role, maxmemory, policy, aof }: ServerFacts, address: string): string[] {
  if (!isRecent(version)) {
    throw new DynotuneError('redis.version', `Redis at ${address} is too old, or does not say how old it is.`, {
      path: '--redis',
      value: version,
      remedy: `install Redis ${OLDEST.join('.')} or newer`,
    })
  }
  if ((mode ?? 'standalone') !== 'standalone' || role === 'slave') {
    const what = role === 'slave' ? 'a replica, which can only be read' : `a ${mode}, not a single server`
    throw new DynotuneError('redis.connection', `Redis at ${address} cannot be used: it is ${what}.`, {
      path: '--redis',
      value: address,
      remedy: 'name a single server that may be written to',
    })
  }
  const evicts = policy !== undefined && policy !== 'noeviction'
  if (evicts && maxmemory > 0) {
    throw new DynotuneError(
      'redis.policy',
      `Redis at ${address} throws away keys when its memory is full, so that trials would vanish.`,
      {
        path: 'maxmemory-policy',
        value: policy,
        remedy: 'redis-cli config set maxmemory-policy noeviction, and the same in redis.conf',
      },
    )
  }
  return [
    ...(evicts
      ? [
          `Redis at ${address} would throw away keys (maxmemory-policy ${policy}) if its memory were limited: set maxmemory-policy noeviction in redis.conf.`,
        ]
      : []),
    ...(aof === false
      ? [
          `Redis at ${address} does not write what it holds to disk as it comes (appendonly no): if it dies, results that the study has not yet stored are lost, and their trials run again. To keep them: redis-cli config set appendonly yes, and the same in redis.conf.`,
        ]
      : []),
  ]
}

function isRecent(version: string): boolean {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
