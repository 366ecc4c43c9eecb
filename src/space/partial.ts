import { DynotuneError } from '../errors.ts'
import type { Scalar, SpaceSpec } from './domain.ts'
import type { Assignment, Params } from './params.ts'
import type { Space } from './space.ts'
import { domainContains, domainToUnit } from './value.ts'

/** Parameters of which any may be left out: `{ optimizer: { kind: 'adam' } }`. A branch may go by its name alone. */
export type PartialParams<S extends SpaceSpec> = PartialOf<Params<S>>

type PartialOf<P> = {
  readonly [Name in keyof P]?: P[Name] extends { kind: infer K } ? PartialBranch<P[Name]> | K : P[Name]
}

type PartialBranch<B> = B extends { kind: infer K } ? { readonly kind: K } & Partial<Omit<B, 'kind'>> : never

/**
 * The flat parameters that are given.
 * @param path where the parameters are, for errors
 * @throws DynotuneError `space.params` on a parameter that the space does not have, or outside its domain
 */
export function flattenPartial(space: Space, params: { readonly [name: string]: unknown }, path: string): Assignment {
  const out: Record<string, Scalar> = {}
  collect(space, params, '', path, out)
  return out
}

function collect(
  space: Space,
  params: { readonly [name: string]: unknown },
  prefix: string,
  path: string,
  out: Record<string, Scalar>,
): void {
  for (const [key, given] of Object.entries(params)) {
    const parameter = space.parameter(prefix + key)
    const isNested = typeof given === 'object' && given !== null
    const value = isNested ? Reflect.get(given, 'kind') : given
    if (!parameter || !domainContains(parameter.domain, value)) {
      throw new DynotuneError(
        'space.params',
        parameter
          ? `The value is outside the domain of "${parameter.name}".`
          : `The space has no "${prefix}${key}" here.`,
        { path: `${path}.${key}`, value: given },
      )
    }
    out[parameter.name] = value
    if (isNested) {
      const { kind, ...inner } = { kind: value, ...given }
      collect(space, inner, `${prefix}${kind}.`, `${path}.${key}`, out)
    }
  }
}

/** An assignment with the values of `partial`; what those leave open is asked for, a coordinate in [0, 1] each. */
export function completeAssignment(space: Space, partial: Assignment, coordinate: () => number): Assignment {
  const sampled = space.sample(({ name, domain }) => {
    const value = partial[name]
    return value === undefined ? coordinate() : domainToUnit(domain, value)
  })
  // A coordinate may round the value: the one that was written counts.
  return Object.fromEntries(Object.entries(sampled).map(([name, value]) => [name, partial[name] ?? value]))
}
