import { DynotuneError } from '../errors.ts'

export const EXIT = { done: 0, failed: 1, badUse: 2, interrupted: 130 } as const

/** Codes whose errors only the caller can mend, before anything has run. */
const BAD_USE = /^(option|space|study|sampler|pruner|engine\.unknown|redis\.url|worker\.secret)\b/

export function exitCodeOf(error: unknown): number {
  return error instanceof DynotuneError && BAD_USE.test(error.code) ? EXIT.badUse : EXIT.failed
}
