import type { Random } from '../../../src/numerics/random.ts'
import type { SpaceSpec } from '../../../src/space/domain.ts'
import type { AnyParams, Params } from '../../../src/space/params.ts'

/** Something to be minimised whose least value is known, so that the regret of any trial is. */
export interface Problem {
  readonly name: string
  readonly space: SpaceSpec
  /** What a trial measures: the value with its noise. NaN where it is infeasible. */
  evaluate(params: AnyParams, random: Random): number
  /** The value without noise: what regret is counted from. NaN where infeasible. */
  value(params: AnyParams): number
  /** The least value without noise. */
  readonly best: number
  /** Standard deviation of what `evaluate` adds. Absent: none. */
  readonly noise?: number
  /** Whether parts of the space are infeasible. Default: false. */
  readonly infeasible?: boolean
}

interface Definition<S extends SpaceSpec> {
  readonly name: string
  readonly space: S
  readonly best: number
  readonly noise?: number
  readonly infeasible?: boolean
  value(params: Params<S>): number
}

export function problem<const S extends SpaceSpec>(definition: Definition<S>): Problem {
  const { noise = 0 } = definition
  // The parameters that reach a problem are those of its own space.
  const value = (params: AnyParams) => definition.value(params as Params<S>)
  return {
    ...definition,
    value,
    evaluate: (params, { normal }) => (noise > 0 ? value(params) + noise * normal() : value(params)),
  }
}

/** `x0`, `x1`, ... of [0, 1]. */
export function onCube(name: string, dimensions: number, f: (u: number[]) => number, best = 0): Problem {
  const names = Array.from({ length: dimensions }, (_, i) => `x${i}`)
  return problem({
    name,
    space: Object.fromEntries(names.map((key) => [key, { type: 'float', low: 0, high: 1, scale: 'linear' }] as const)),
    best,
    value: (params) => f(names.map((key) => Number(params[key]))),
  })
}
