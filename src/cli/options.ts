import { DynotuneError } from '../errors.ts'
import { parseBytes, parseSeconds } from '../study/quantity.ts'
import { isClassName } from '../study/study.ts'

/*
 * Options that several commands share, and the parsing of values. Values are taken as text and parsed by the command: an
 * error raised inside yargs loses its code, path and remedy.
 */
export const DB = {
  type: 'string',
  default: process.env.DYNOTUNE_DB ?? '.dynotune/dynotune.db',
  defaultDescription: '.dynotune/dynotune.db, or $DYNOTUNE_DB',
  requiresArg: true,
  describe: 'database file that keeps the studies',
} as const

export const JSON_OUTPUT = { type: 'boolean', default: false, describe: 'print JSON' } as const

export const OUT = {
  type: 'string',
  default: 'reports',
  requiresArg: true,
  describe: 'folder that gets a folder for each report',
} as const

export const REDIS = {
  type: 'string',
  describe: 'the server that runs and workers share: redis://host:6379, or rediss:// for TLS',
  defaultDescription: '$DYNOTUNE_REDIS',
} as const

export const PREFIX = {
  type: 'string',
  default: 'dynotune',
  requiresArg: true,
  describe: 'what all keys in Redis begin with',
} as const

/** Parses a whole number from `least`, up to `most` if there is such; undefined stays undefined. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  const upTo = most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''
  throw new DynotuneError('option.invalid', `${option} takes a whole number from ${least}${upTo}.`, {
    path: option,
    value: text,
  })
}

/** Checks what becomes part of a key in Redis; undefined stays undefined. */
export function keyPart<T extends string | undefined>(option: string, text: T): T {
  if (text === undefined || isClassName(text)) return text
  throw new DynotuneError(
    'option.invalid',
    `${option} takes up to 100 letters, digits, dots, dashes and underscores.`,
    {
      path: option,
      value: text,
    },
  )
}

/** Parses `name=value` words; of a name that is given twice the last counts. */
export function labels(option: string, words: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([A-Za-z][\w.-]*)=(\P{Cc}+)$/u.exec(word) ?? []
      if (name !== undefined && value !== undefined) return [name, value]
      throw new DynotuneError('option.invalid', `${option} takes a name and a value.`, {
        path: option,
        value: word,
        remedy: `write ${option} rack=7`,
      })
    }),
  )
}

/** Parses whole numbers from 0 with commas between them; undefined stays undefined. */
export function wholeNumbers(option: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const numbers = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN))
  if (numbers.every(Number.isSafeInteger)) return numbers
  throw new DynotuneError('option.invalid', `${option} takes whole numbers from 0, with commas between them.`, {
    path: option,
    value: text,
    remedy: 'write 0,1',
  })
}

/** Parses an amount of memory, in bytes; undefined stays undefined. */
export function bytes(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const amount = parseBytes(text)
  if (amount !== undefined) return amount
  throw new DynotuneError('option.invalid', `${option} takes an amount of memory.`, {
    path: option,
    value: text,
    remedy: 'write 24GB or 24GiB',
  })
}

/**
 * The URL of Redis: the option's, or where it has no value the one in `DYNOTUNE_REDIS`, which keeps a password off the command line.
 * @throws DynotuneError `option.invalid` when there is neither
 */
export function redisUrl(text: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const url = text || env.DYNOTUNE_REDIS
  if (url) return url
  throw new DynotuneError('option.invalid', 'Which Redis is not said.', {
    path: '--redis',
    remedy: 'write --redis redis://host:6379, or set DYNOTUNE_REDIS',
  })
}

/** Parses a time in seconds; undefined stays undefined. Default of `least`: above 0. */
export function duration(option: string, text: string | undefined, least?: 0): number | undefined {
  if (text === undefined) return undefined
  if (least === 0 && /^0+(ms|s|m|min|h|d)?$/.test(text.trim())) return 0
  const seconds = parseSeconds(text)
  if (seconds !== undefined) return seconds
  throw new DynotuneError('option.invalid', `${option} takes a time.`, {
    path: option,
    value: text,
    remedy: 'write 90, 30s, 15m or 2h',
  })
}
