import { DynotuneError } from '../errors.ts'

/** Why an engine does not work, in one sentence or two, and what to do about it. */
export interface Explanation {
  readonly why: string
  readonly remedy?: string
}

/** What to tell a reader of an error that an engine raised. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof DynotuneError)) return { why: firstLine(error instanceof Error ? error.message : error) }
  const because = error.cause instanceof Error ? ` ${firstLine(error.cause.message)}` : ''
  return { why: error.message + because, ...(error.remedy !== undefined && { remedy: error.remedy }) }
}

function firstLine(text: unknown): string {
  return String(text).trim().split('\n', 1)[0] ?? ''
}
