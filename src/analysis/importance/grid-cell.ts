import type { Axis } from '../../samplers/axes.ts'
import type { Domain, Scalar } from '../../space/domain.ts'
import { rangeAt, rangeSize } from '../../space/range.ts'
import { domainToUnit } from '../../space/value.ts'

const MOST = 50

/**
 * The cells of one axis for PED-ANOVA: one an option, one a value where there are at most 50, else 50 that are centred at
 * evenly spaced places from one end of the range to the other along its scale. Integers on a log scale have as many as their
 * range has doublings, and two more.
 */
export interface Grid {
  readonly size: number
  at(value: Scalar): number
}

export function gridOf({ kind, parameter: { domain } }: Axis): Grid {
  if (kind === 'unordered' || (domain.type !== 'float' && domain.type !== 'int')) {
    const size = optionsOf(domain)
    return { size, at: (value) => Math.round(domainToUnit(domain, value) * size - 0.5) }
  }
  const values = rangeSize(domain)
  const size =
    domain.type === 'int' && domain.scale === 'log' && domain.step === undefined
      ? Math.min(MOST, Math.ceil(Math.log2(values)) + 1)
      : Math.min(MOST, values)
  const last = Number.isFinite(values) ? rangeAt(domain, values - 1) : domain.high
  const [from, to] = [along(domain.scale, domain.low), along(domain.scale, last)]
  const step = (to - from) / (size - 1)
  return {
    size,
    // Midway goes down.
    at: (value) => Math.min(size - 1, Math.max(0, Math.ceil((along(domain.scale, Number(value)) - from) / step - 0.5))),
  }
}

function optionsOf(domain: Domain): number {
  if (domain.type === 'choice') return domain.values.length
  return domain.type === 'branch' ? Object.keys(domain.branches).length : 2
}

function along(scale: 'linear' | 'log' | 'reverseLog', value: number): number {
  if (scale === 'log') return Math.log(value)
  return scale === 'reverseLog' ? -Math.log1p(-value) : value
}
