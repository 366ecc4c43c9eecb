import { createRandom } from '../numerics/random.ts'
import { enough } from '../samplers/enough.ts'
import type { Assignment } from '../space/params.ts'
import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'

/** Parameters for the trials that follow those of a view. */
export interface Suggestions {
  readonly assignments: readonly Assignment[]
  /** For each the trial from whose checkpoint it begins; absent where none has one. */
  readonly parents?: readonly (number | undefined)[]
  /** Why there are none: going on is not worth it. */
  readonly ended?: string
}

/**
 * Asks a sampler, with the streams of random numbers that are its own.
 * @param gain what further trials must be able to gain to be suggested. Default: anything
 */
export function suggest(sampler: Sampler, view: StudyView, count: number, gain?: number | 'noise'): Suggestions {
  const ended = gain === undefined ? undefined : enough(view, gain)
  if (ended !== undefined) return { assignments: [], ended }
  const stream = (trial: number) => createRandom(view.seed, trial, `sampler/${sampler.name}`)
  const assignments = sampler.suggest(view, count, stream)
  return sampler.parents ? { assignments, parents: sampler.parents(view, count, stream) } : { assignments }
}
