import { DynotuneError } from '../../errors.ts'

/** Refuses, as `option.invalid`, what is not a whole number of at least `least`. `path`: `sharpness.rows`. */
export function checkCount(path: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return
  refuse(path, value, `a whole number from ${least}`)
}

/** Refuses what is not in (0, 1]. */
export function checkShare(path: string, value: number): void {
  if (!(value > 0 && value <= 1)) refuse(path, value, 'a number above 0 and up to 1')
}

function refuse(path: string, value: number, what: string): never {
  throw new DynotuneError('option.invalid', `${path} is ${what}.`, { path, value, remedy: `give ${what}` })
}
