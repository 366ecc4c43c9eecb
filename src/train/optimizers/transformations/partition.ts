import { zerosLike } from '../../../engine/fusion/expression.ts'
import type { Tree } from '../../../engine/fusion/realize.ts'
import type { ParameterInfo } from '../../parameter.ts'
import { chain } from '../chain.ts'
import { refuse } from '../parts/check.ts'
import { copy } from '../parts/copy.ts'
import type { Mask } from '../parts/mask.ts'
import { stepwise } from '../parts/stepwise.ts'
import { type Param, type Transformation, valuesOf } from '../transformation.ts'

/**
 * A transformation for each group of parameters: `partition(({ role }) => role, { kernel: muon(…), … })`. Each sees its
 * group alone, its norms too.
 * @param groupOf the name of a parameter's group; the same whenever it is asked
 * @throws DynotuneError `optimizer.invalid` at the start, when a parameter's group has no transformation
 */
export function partition<Group extends string>(
  groupOf: (parameter: ParameterInfo) => Group,
  transformations: Readonly<Record<Group, Transformation>>,
): Transformation<{ readonly [group: string]: Tree }> {
  const groups = Object.entries<Transformation>(transformations)
  const averages = groups.some(([, { averaged }]) => averaged)

  /** A list with what each group makes of its part of it. */
  function mapGroups<T>(
    params: readonly Param[],
    list: readonly T[],
    map: (name: string, part: T[], params: Param[], transformation: Transformation) => readonly T[],
  ): T[] {
    const result = [...list]
    for (const [name, transformation] of groups) {
      const places = params.flatMap((param, i) => (groupOf(param) === name ? [i] : []))
      const isPlace = (_: unknown, i: number) => places.includes(i)
      const part = map(name, list.filter(isPlace), params.filter(isPlace), transformation)
      part.forEach((each, i) => {
        result[places[i] ?? 0] = each
      })
    }
    return result
  }

  return {
    init(params) {
      for (const param of params) {
        const group = groupOf(param)
        if (!Object.hasOwn(transformations, group))
          refuse(`partition.${param.name}`, group, `one of ${Object.keys(transformations).join(', ')}`)
      }
      return Object.fromEntries(
        groups.map(([name, { init }]) => [name, init(params.filter((param) => groupOf(param) === name))]),
      )
    },
    update(gradients, state, params) {
      const next: Record<string, Tree> = {}
      const updates = mapGroups(params, gradients, (name, part, own, { update }) => {
        const result = update(part, state[name] ?? [], own)
        next[name] = result.state
        return result.updates
      })
      return { updates, state: next }
    },
    ...(averages && {
      averaged: (state, params) =>
        mapGroups(params, valuesOf(params), (name, part, own, { averaged }) =>
          averaged ? averaged(state[name] ?? [], own) : part.map(copy),
        ),
    }),
  }
}

/** A transformation for the parameters of a mask alone; the gradients of others pass as they are. */
export function masked(transformation: Transformation, mask: Mask): Transformation {
  return partition((param) => (mask(param) ? 'in' : 'out'), { in: transformation, out: chain() })
}

/** Parameters that stay as they are, as a group of `partition`. */
export function frozen(): Transformation<{ step: number }> {
  return stepwise((gradients) => gradients.map(zerosLike))
}
