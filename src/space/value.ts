import { DynotuneError } from '../errors.ts'
import type { Domain, Scalar } from './domain.ts'
import { rangeAt, rangeContains, rangeFromUnit, rangeSize, rangeToUnit } from './range.ts'

/** The number of values of a domain, not counting what its branches open. */
export function domainSize(domain: Domain): number {
  return domain.type === 'float' || domain.type === 'int' ? rangeSize(domain) : options(domain).length
}

/** The value at `index` (0 … size-1) of a finite domain. */
export function domainAt(domain: Domain, index: number): Scalar {
  return domain.type === 'float' || domain.type === 'int' ? rangeAt(domain, index) : pick(options(domain), index)
}

/** The value at position `u` in [0, 1]; options share the interval equally. */
export function domainFromUnit(domain: Domain, u: number): Scalar {
  if (domain.type === 'float' || domain.type === 'int') return rangeFromUnit(domain, u)
  const values = options(domain)
  return pick(values, Math.min(values.length - 1, Math.floor(u * values.length)))
}

/** The position of a value in [0, 1]; for an option the middle of its share. */
export function domainToUnit(domain: Domain, value: Scalar): number {
  if (domain.type === 'float' || domain.type === 'int') return rangeToUnit(domain, Number(value))
  const values = options(domain)
  return (values.indexOf(value) + 0.5) / values.length
}

export function domainContains(domain: Domain, value: unknown): value is Scalar {
  if (domain.type === 'float' || domain.type === 'int') return rangeContains(domain, value)
  return options(domain).some((option) => option === value)
}

/** Branches are sorted, so that the order of the source does not change what a coordinate means. */
function options(domain: Exclude<Domain, { type: 'float' | 'int' }>): readonly Scalar[] {
  switch (domain.type) {
    case 'choice':
      return domain.values
    case 'branch':
      return Object.keys(domain.branches).sort()
    case 'bool':
      return [false, true]
    case 'fixed':
      return [domain.value]
  }
}

function pick(values: readonly Scalar[], index: number): Scalar {
  const value = values[index]
  if (value === undefined) throw new DynotuneError('internal', `There is no option number ${index}.`, { value: values })
  return value
}
