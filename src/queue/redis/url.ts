import { isIP, isIPv4 } from 'node:net'
import { DynotuneError } from '../../errors.ts'

/** What the URL of a server says. */
export interface RedisAddress {
  /** A name or an IP address, an IPv6 one without brackets. */
  readonly host: string
  /** Default: 6379. */
  readonly port: number
  /** Whether it is spoken to in TLS (`rediss:`). */
  readonly secure: boolean
  readonly username?: string
  readonly password?: string
  /** The number of the database. Default: 0. */
  readonly db: number
}

/**
 * Reads `redis[s]://[user[:password]@]host[:port][/db]`; a user and a password as in any URL, with `%40` for `@`.
 * Throws `redis.url`, which shows neither.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parsed = URL.parse(url)
  const scheme = parsed?.protocol
  if (!parsed || !/^rediss?:$/.test(scheme ?? '')) throw refused('it is not of the form redis://host:port', scheme)
  if (parsed.hostname === '') throw refused('it names no host', scheme)
  const [, db = '0'] =
    /^(?:\/(\d{0,4}))?$/.exec(parsed.pathname) ?? refuse('what follows the host is not a number', url)
  if (parsed.search || parsed.hash) refuse('it has a question mark or a hash sign', url)
  const [username, password] = [parsed.username, parsed.password].map((part) => decode(part, url))
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: Number(parsed.port || 6379),
    secure: scheme === 'rediss:',
    ...(username && { username }),
    ...(password && { password }),
    db: Number(db),
  }
}

/** `host:port`, for people: an IPv6 address in brackets, nothing of user and password. Throws `redis.url`. */
export function addressOf(url: string): string {
  return formatAddress(parseRedisUrl(url))
}

export function formatAddress({ host, port }: Pick<RedisAddress, 'host' | 'port'>): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether the server is on this machine by its very address; no name is looked up. Throws `redis.url`. */
export function isLoopback(url: string): boolean {
  const { host } = parseRedisUrl(url)
  return /^(?:.+\.)?localhost$/.test(host) || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * The text with users and passwords taken out of all URLs of Redis in it. Takes out too much rather than too little where a
 * password has characters that should have been escaped: up to the last `@` before a space or the end of a string in JSON.
 */
export function redact(text: string): string {
  return text.replace(/(rediss?:\/\/)(?:(?!"[,:}\]])\S)*@/gi, '$1…@')
}

function decode(part: string, url: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw refused('its user or password has a % that is not followed by two hexadecimal digits', redact(url))
  }
}

function refuse(why: string, url: string): never {
  throw refused(why, redact(url))
}

function refused(why: string, value: string | undefined): DynotuneError {
  return new DynotuneError('redis.url', `The URL of Redis cannot be used: ${why}.`, {
    path: '--redis',
    ...(value !== undefined && { value }),
    remedy:
      'write redis://user:password@host:6379/0, or rediss:// for TLS; in user and password %40 for @, %3A for :, %2F for /, %23 for #, %3F for ? and %25 for %',
  })
}
