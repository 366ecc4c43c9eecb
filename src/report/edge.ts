import type { Domain, Scalar } from '../space/domain.ts'
import { rangeAt, rangeSize } from '../space/range.ts'
import { domainToUnit } from '../space/value.ts'

const OUTER = 0.05

/**
 * The end of a numeric range that a value is close to: in the outer 5% along its scale, or the first or last of a few
 * values, whose cells are wider than that. Undefined elsewhere, and where there is no range to widen.
 */
export function edgeOf(domain: Domain, value: Scalar): 'low' | 'high' | undefined {
  if ((domain.type !== 'float' && domain.type !== 'int') || typeof value !== 'number') return undefined
  const size = rangeSize(domain)
  // Of two values each is an end: being there says nothing.
  if (size <= 2) return undefined
  const u = domainToUnit(domain, value)
  if (u <= OUTER || value <= domain.low) return 'low'
  const last = Number.isFinite(size) ? rangeAt(domain, size - 1) : domain.high
  return u >= 1 - OUTER || value >= Math.min(last, domain.high) ? 'high' : undefined
}
