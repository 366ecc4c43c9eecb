import { DynotuneError } from '../errors.ts'
import { parseSeconds } from '../study/quantity.ts'

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

/** Parses a whole number of at least `least`; undefined stays undefined. */
export function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new DynotuneError('option.invalid', `${option} takes a whole number from ${least}.`, {
    path: option,
    value: text,
  })
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

/** Parses a time in seconds; undefined stays undefined. */
export function duration(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = parseSeconds(text)
  if (seconds !== undefined) return seconds
  throw new DynotuneError('option.invalid', `${option} takes a time.`, {
    path: option,
    value: text,
    remedy: 'write 90, 30s, 15m or 2h',
  })
}
