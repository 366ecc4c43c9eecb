import type { Domain, FloatDomain, IntDomain, Scalar, SpaceSpec } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import type { Space } from '../../src/space/space.ts'
import { domainAt, domainSize } from '../../src/space/value.ts'

/** A parameter as `peers/optuna_samplers.py` reads it. */
export type OptunaParameter = { readonly name: string } & (
  | { readonly type: 'float' | 'int'; readonly low: number; readonly high: number; log?: boolean; step?: number }
  | { readonly type: 'options'; readonly options: readonly Scalar[]; branches?: Record<string, OptunaParameter[]> }
)

/**
 * A space in Optuna's terms. Where it has no word for a scale the parameter becomes one that it models as well: the distance
 * to one, on a log scale, for `reverseLog`; the number of the value for steps on a log scale.
 */
export function toOptuna(spec: SpaceSpec, prefix = ''): OptunaParameter[] {
  return Object.entries(spec).flatMap(([key, domain]): OptunaParameter[] => {
    const name = prefix + key
    switch (domain.type) {
      case 'fixed':
        return []
      case 'bool':
        return [{ name, type: 'options', options: [false, true] }]
      case 'choice':
        return [{ name, type: 'options', options: domain.values }]
      case 'branch': {
        const branches = Object.entries(domain.branches).map(
          ([branch, inner]) => [branch, toOptuna(inner, `${prefix}${branch}.`)] as const,
        )
        return [
          { name, type: 'options', options: Object.keys(domain.branches), branches: Object.fromEntries(branches) },
        ]
      }
      default:
        return [{ name, ...rangeOf(domain) }]
    }
  })
}

function rangeOf(domain: FloatDomain | IntDomain) {
  const { type, low, high, scale, step } = domain
  if (scale === 'log' && step !== undefined) return { type: 'int', low: 0, high: domainSize(domain) - 1 } as const
  if (scale === 'reverseLog') return { type: 'float', low: 1 - high, high: 1 - low, log: true } as const
  return { type, low, high, ...(scale === 'log' && { log: true }), ...(step !== undefined && { step }) }
}

/** The assignment that Optuna's values stand for. */
export function fromOptuna(space: Space, params: Assignment): Assignment {
  const known = Object.entries(params).map(([name, value]) => {
    const domain = space.parameter(name)?.domain
    return [name, domain ? fromRange(domain, value) : value] as const
  })
  const fixed = space.parameters.flatMap(({ name, domain, parent }) =>
    domain.type === 'fixed' && (!parent || params[parent.name] === parent.branch)
      ? [[name, domain.value] as const]
      : [],
  )
  return Object.fromEntries([...known, ...fixed])
}

function fromRange(domain: Domain, value: Scalar): Scalar {
  if (domain.type !== 'float' && domain.type !== 'int') return value
  if (domain.scale === 'log' && domain.step !== undefined) return domainAt(domain, Number(value))
  // Rounding must not lead out of the range.
  if (domain.scale === 'reverseLog') return Math.min(domain.high, Math.max(domain.low, 1 - Number(value)))
  return value
}
