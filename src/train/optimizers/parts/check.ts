import { DynotuneError } from '../../../errors.ts'
import type { Schedule } from '../../schedules/schedule.ts'

/** A set of numbers as it is written: `[0, 1)` has 0 and not 1. */
export type Interval = `${'[' | '('}${number}, ${number | '∞'}${']' | ')'}`

/**
 * Refuses a hyperparameter outside an interval. The values of a schedule are not looked at.
 * @param path names it: `adam.beta1`
 * @throws DynotuneError `optimizer.invalid`
 */
export function checkRange(path: string, value: number | Schedule, interval: Interval): void {
  if (typeof value === 'function') return
  const [low = 0, high = 0] = interval.slice(1, -1).replace('∞', 'Infinity').split(', ').map(Number)
  const isAbove = interval.startsWith('[') ? value >= low : value > low
  const isBelow = interval.endsWith(']') ? value <= high : value < high
  if (!isAbove || !isBelow) refuse(path, value, `a number in ${interval}`)
}

/** Refuses a count that is not a whole number from 1. */
export function checkCount(path: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) refuse(path, value, 'a whole number from 1')
}

export function refuse(path: string, value: unknown, what: string): never {
  throw new DynotuneError('optimizer.invalid', `${path} must be ${what}.`, { path, value, remedy: `give ${what}` })
}
