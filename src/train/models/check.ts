import { DynotuneError } from '../../errors.ts'
import { ACTIVATIONS, type Activation } from '../layers/activation.ts'
import type { Norm } from '../layers/norm.ts'

/** Throws `model.invalid` unless this is a positive whole number. */
export function checkCount(path: string, value: unknown): void {
  check(Number.isInteger(value) && Number(value) > 0, path, value, 'a positive whole number')
}

/** Throws `model.invalid` unless this is a number in [0, 1). */
export function checkShare(path: string, value: unknown): void {
  check(typeof value === 'number' && value >= 0 && value < 1, path, value, 'a share in [0, 1)')
}

export function checkActivation(path: string, value: Activation): void {
  checkOneOf(path, value, ACTIVATIONS)
}

export function checkNorm(path: string, norm: Norm): void {
  checkOneOf(`${path}.kind`, norm.kind, ['none', 'batch', 'ghost', 'layer'])
  if (norm.kind === 'ghost') checkCount(`${path}.size`, norm.size)
}

export function checkOneOf(path: string, value: unknown, options: readonly unknown[]): void {
  check(options.includes(value), path, value, `one of ${options.join(', ')}`)
}

function check(valid: boolean, path: string, value: unknown, wanted: string): void {
  if (valid) return
  throw new DynotuneError('model.invalid', `${path} is not ${wanted}.`, { path, value, remedy: `give ${wanted}` })
}
