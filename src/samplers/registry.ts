import { DynotuneError } from '../errors.ts'
import type { Sampler } from '../study/sampler.ts'
import { auto } from './auto.ts'
import { bohb } from './bohb.ts'
import { cmaEs } from './cma-es.ts'
import { gaussianProcess } from './gaussian-process.ts'
import { grid } from './grid.ts'
import { halton } from './halton.ts'
import { latinHypercube } from './latin-hypercube.ts'
import { nsga2 } from './nsga2.ts'
import { pbt } from './pbt.ts'
import { random } from './random.ts'
import { smsEgo } from './sms-ego.ts'
import { sobol } from './sobol.ts'
import { tpe } from './tpe.ts'

const SAMPLERS: ReadonlyMap<string, () => Sampler> = new Map<string, () => Sampler>([
  ['auto', auto],
  ['gaussianProcess', gaussianProcess],
  ['tpe', tpe],
  ['bohb', bohb],
  ['cmaEs', cmaEs],
  ['nsga2', nsga2],
  ['smsEgo', smsEgo],
  ['pbt', pbt],
  ['sobol', sobol],
  ['halton', halton],
  ['latinHypercube', latinHypercube],
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
