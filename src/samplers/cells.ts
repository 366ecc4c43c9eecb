import { domainFromUnit, domainToUnit } from '../space/value.ts'
import type { Axis } from './axes.ts'

/** The coordinates that mean the same value of an ordered axis as `u` does: from `low`, up to `high`. Within [0, 1]. */
export function cellOf(
  { parameter: { domain }, size }: Axis,
  u: number,
): { readonly low: number; readonly high: number } {
  if (domain.type === 'int' && domain.step === undefined && domain.scale !== 'linear') {
    // Half a step to either side, along the scale.
    const value = Number(domainFromUnit(domain, u))
    return { low: domainToUnit(domain, value - 0.5), high: domainToUnit(domain, value + 0.5) }
  }
  const index = Math.min(size - 1, Math.max(0, Math.floor(u * size)))
  return { low: index / size, high: (index + 1) / size }
}
