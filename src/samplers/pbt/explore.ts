import type { Random } from '../../numerics/random.ts'
import type { Scalar } from '../../space/domain.ts'
import type { Assignment } from '../../space/params.ts'
import type { Parameter, Space } from '../../space/space.ts'
import { domainAt, domainFromUnit, domainSize, domainToUnit } from '../../space/value.ts'

export interface Exploration {
  /** The chance that a parameter is drawn anew instead of perturbed. */
  readonly resample: number
  /** A number is multiplied by one of these. */
  readonly factors: readonly number[]
  /** Whether a parameter may change at all. */
  isFree(name: string): boolean
}

/** A neighbour of an assignment: every free parameter is perturbed, or now and then drawn anew. */
export function explore(space: Space, from: Assignment, exploration: Exploration, random: Random): Assignment {
  return space.sample((parameter) => {
    const value = from[parameter.name]
    // A branch that has just been entered has parameters that were not there before.
    if (value === undefined) return random.next()
    if (!exploration.isFree(parameter.name)) return domainToUnit(parameter.domain, value)
    if (random.next() < exploration.resample) return random.next()
    return perturbed(parameter, value, exploration.factors, random)
  })
}

function perturbed({ domain }: Parameter, value: Scalar, factors: readonly number[], random: Random): number {
  if ((domain.type !== 'float' && domain.type !== 'int') || typeof value !== 'number')
    return domainToUnit(domain, value)
  const factor = factors[random.int(factors.length)] ?? 1
  // What matters by its distance to one is brought nearer to it or further from it.
  const moved = domain.scale === 'reverseLog' ? 1 - (1 - value) / factor : value * factor
  const unit = domainToUnit(domain, Math.min(domain.high, Math.max(domain.low, moved)))
  const isStuck = Number.isFinite(domainSize(domain)) && domainFromUnit(domain, unit) === value
  return isStuck ? neighbour(domain, value, factor > 1 ? 1 : -1) : unit
}

/** The next value of a coarse range, which no small factor would reach. */
function neighbour(domain: Parameter['domain'], value: Scalar, direction: 1 | -1): number {
  const size = domainSize(domain)
  const index = Math.min(size - 1, Math.floor(domainToUnit(domain, value) * size))
  return domainToUnit(domain, domainAt(domain, Math.min(size - 1, Math.max(0, index + direction))))
}
