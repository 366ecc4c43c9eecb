import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** Runs by seed, kept in a file of lines, so that a benchmark that was ended goes on where it was and peers run once. */
export interface Cache<T> {
  get(seed: number): T | undefined
  set(seed: number, run: T): void
}

/**
 * The cache of runs that all these words tell apart.
 * @param folder of all caches; made when it is not there
 */
export function openCache<T>(folder: string, words: readonly (string | number)[], schema: z.ZodType<T>): Cache<T> {
  const file = join(folder, `${words.join('-')}.jsonl`)
  const line = z.object({ seed: z.number(), run: schema })
  const known = new Map(
    readIfThere(file)
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => {
        const { seed, run } = line.parse(JSON.parse(text))
        return [seed, run] as const
      }),
  )
  return {
    get: (seed) => known.get(seed),
    set(seed, run) {
      known.set(seed, run)
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, `${JSON.stringify({ seed, run })}\n`)
    },
  }
}

/** Eight letters that differ where the values do: they make a cache forget a problem that was changed. */
export function fingerprint(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 8)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
