import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { perValue } from './per-value.ts'
import { samplerNamed } from './registry.ts'

/**
 * The sampler of a study, given by its name or as an object of the study's own: one for each value of the scientific parameters
 * where it learns. Those that do not learn cover all values alike.
 * @throws DynotuneError `sampler.unknown`
 */
export function samplerOf(
  sampler: string | Sampler,
  { scientific = [], startIn = {} }: Pick<StudyView, 'scientific' | 'startIn'>,
): Sampler {
  const make = () => (typeof sampler === 'string' ? samplerNamed(sampler) : sampler)
  const one = make()
  const isPlain = scientific.length === 0 && Object.keys(startIn).length === 0
  return isPlain || !one.adaptive ? one : perValue(make)
}
