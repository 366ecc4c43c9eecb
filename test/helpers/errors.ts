import { DynotuneError } from '../../src/errors.ts'

/** What a function throws, which must be a typed error. */
export function thrownBy(work: () => unknown): DynotuneError {
  try {
    work()
  } catch (error) {
    if (error instanceof DynotuneError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** What a promise is rejected with, which must be a typed error. */
export async function rejectionOf(work: Promise<unknown>): Promise<DynotuneError> {
  const outcome = await work.catch((error: unknown) => error)
  if (outcome instanceof DynotuneError) return outcome
  throw outcome
}
