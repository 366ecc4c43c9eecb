import { DynotuneError } from '../../errors.ts'

/** Refuses, as `schedule.invalid`, what is not a finite number from `low` to `high`. `path`: `cosineDecay.end`. */
export function checkNumber(
  path: string,
  value: number,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): void {
  if (Number.isFinite(value) && value >= low && value <= high) return
  const range = `${Number.isFinite(low) ? ` from ${low}` : ''}${Number.isFinite(high) ? ` to ${high}` : ''}`
  refuse(path, value, `a finite number${range}`)
}

/** Refuses what is not a finite number above 0. */
export function checkPositive(path: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) refuse(path, value, 'a finite number above 0')
}

/** Refuses what is not a whole number of at least `least`. */
export function checkWhole(path: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) refuse(path, value, `a whole number from ${least}`)
}

/** Refuses steps that are not whole numbers from 0, each at least the one before. */
export function checkAscending(path: string, steps: readonly number[]): void {
  const isAscending = steps.every((step, i) => Number.isSafeInteger(step) && step >= (steps[i - 1] ?? 0))
  if (!isAscending) refuse(path, steps, 'whole numbers from 0 in ascending order')
}

/** Refuses what is none of some names. */
export function checkName(path: string, value: string, names: readonly string[]): void {
  if (!names.includes(value)) refuse(path, value, `one of ${names.join(', ')}`)
}

export function refuse(path: string, value: unknown, what: string): never {
  throw new DynotuneError('schedule.invalid', `${path} must be ${what}.`, { path, value })
}
