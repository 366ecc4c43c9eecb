import { DynotuneError } from '../errors.ts'
import type { Sampler } from '../study/sampler.ts'
import { grid } from './grid.ts'
import { halton } from './halton.ts'
import { random } from './random.ts'

const SAMPLERS: ReadonlyMap<string, () => Sampler> = new Map([
  ['halton', halton],
  ['random', random],
  ['grid', grid],
])

/** What `samplerNamed` knows. */
export const SAMPLER_NAMES: readonly string[] = [...SAMPLERS.keys()]

/** The sampler of a name. Throws `sampler.unknown`. */
export function samplerNamed(name: string): Sampler {
  const make = SAMPLERS.get(name)
  if (make) return make()
  throw new DynotuneError('sampler.unknown', `There is no sampler "${name}".`, {
    path: 'sampler',
    value: name,
    remedy: `use one of ${SAMPLER_NAMES.join(', ')}, or give an object with name and suggest`,
  })
}
