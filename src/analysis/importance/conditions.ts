import type { Axis } from '../../samplers/axes.ts'
import type { Space } from '../../space/space.ts'

/** A branch with parameters of its own, or the space as a whole. */
export interface Condition {
  /** The choice and the branch of it; absent for the whole space. */
  readonly branch?: { readonly name: string; readonly branch: string }
  /** The dimensions that all trials of the condition have and that may differ between them. */
  readonly dimensions: readonly number[]
  /** Those of them that are judged here: that no wider condition has. */
  readonly own: readonly number[]
}

/** The conditions of a space under which parameters vary, the whole space first, in the order of the source. */
export function conditionsOf(space: Space, axes: readonly Axis[]): Condition[] {
  const branches = new Map<string, Condition['branch']>([['', undefined]])
  for (const { parent, dimension } of space.parameters) {
    if (parent && dimension >= 0) branches.set(`${parent.name}=${parent.branch}`, parent)
  }
  return [...branches.values()].map((branch) => {
    // From the branch up: what must hold for it to be reached.
    const chain = new Map<string, string>()
    for (let above = branch; above; above = space.parameter(above.name)?.parent) chain.set(above.name, above.branch)
    const dimensions = axes.flatMap(({ parameter: { name, parent } }, dimension) =>
      !chain.has(name) && (!parent || chain.get(parent.name) === parent.branch) ? [dimension] : [],
    )
    const own = dimensions.filter((dimension) => {
      const parent = axes[dimension]?.parameter.parent
      return parent?.name === branch?.name && parent?.branch === branch?.branch
    })
    return { ...(branch && { branch }), dimensions, own }
  })
}
