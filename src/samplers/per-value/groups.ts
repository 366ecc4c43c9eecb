import { DynotuneError } from '../../errors.ts'
import type { Scalar, SpaceSpec } from '../../space/domain.ts'
import type { Space } from '../../space/space.ts'
import { domainAt, domainSize } from '../../space/value.ts'
import type { TrialView } from '../../study/view.ts'

/** One value for each scientific parameter. */
export type Group = Readonly<Record<string, Scalar>>

/** More are no comparison any more. */
const MOST_GROUPS = 256

/**
 * All combinations of the values of some parameters; of the last one the values come quickest.
 * @throws DynotuneError `study.roles` for a parameter that is not at the top of the space or has no end of values
 */
export function groupsOf(space: Space, scientific: readonly string[]): Group[] {
  return scientific.reduce<Group[]>(
    (groups, name) => {
      const parameter = space.parameter(name)
      if (!parameter || parameter.parent) throw wrong(name, 'is not one at the top of the space', 'name one that is')
      const count = domainSize(parameter.domain)
      if (!(count * groups.length <= MOST_GROUPS))
        throw wrong(
          name,
          `has too many values to tune for each: ${count * groups.length} of at most ${MOST_GROUPS}`,
          'give it a step or a choice of values',
        )
      const values = Array.from({ length: count }, (_, i) => domainAt(parameter.domain, i))
      return groups.flatMap((group) => values.map((value) => ({ ...group, [name]: value })))
    },
    [{}],
  )
}

export function isIn(group: Group, { params }: TrialView): boolean {
  return Object.entries(group).every(([name, value]) => params[name] === value)
}

/** A space with the parameters of a group fixed; its assignments are those of the whole space. */
export function specOf(spec: SpaceSpec, group: Group): SpaceSpec {
  return Object.fromEntries(
    Object.entries(spec).map(([name, domain]) => {
      const value = group[name]
      if (value === undefined) return [name, domain]
      if (domain.type !== 'branch') return [name, { type: 'fixed', value } as const]
      return [name, { ...domain, branches: { [String(value)]: domain.branches[String(value)] ?? {} } }]
    }),
  )
}

export function labelOf(group: Group): string {
  return Object.entries(group)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function wrong(name: string, why: string, remedy: string): DynotuneError {
  return new DynotuneError('study.roles', `The scientific parameter "${name}" ${why}.`, {
    path: `study.roles.${name}`,
    value: name,
    remedy,
  })
}
