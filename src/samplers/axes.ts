import type { Scalar } from '../space/domain.ts'
import type { Assignment } from '../space/params.ts'
import type { Parameter, Space } from '../space/space.ts'
import { domainFromUnit, domainSize, domainToUnit } from '../space/value.ts'

/**
 * How the model of a sampler sees one varied parameter. `continuous`: any coordinate in [0, 1]. `ordered`: a finite number
 * of coordinates in [0, 1], near ones alike (integers, floats with a step). `unordered`: options with no order (choices,
 * branches, booleans), told apart by their index.
 */
export interface Axis {
  readonly parameter: Parameter
  readonly kind: 'continuous' | 'ordered' | 'unordered'
  /** How many values it has; infinite when continuous. */
  readonly size: number
  /** The axis and the option of it that make this one active; absent when it always is. */
  readonly parent?: { readonly dimension: number; readonly option: number }
}

/**
 * A configuration as a vector by dimension: coordinate in [0, 1] on a continuous or ordered axis, index of the option on an
 * unordered one, NaN where the axis is not active.
 */
export type Point = Float64Array

/** The axes of a space by dimension. */
export function axesOf(space: Space): Axis[] {
  const axes: Axis[] = []
  for (const parameter of space.parameters) {
    if (parameter.dimension < 0) continue
    const { domain, parent } = parameter
    const above = parent && space.parameter(parent.name)
    axes[parameter.dimension] = {
      parameter,
      kind:
        domain.type !== 'float' && domain.type !== 'int'
          ? 'unordered'
          : Number.isFinite(domainSize(domain))
            ? 'ordered'
            : 'continuous',
      size: domainSize(domain),
      ...(above && parent && { parent: { dimension: above.dimension, option: optionIndex(above, parent.branch) } }),
    }
  }
  return axes
}

/** The point of an assignment. A parameter that the assignment lacks counts as not active. */
export function pointOf(axes: readonly Axis[], assignment: Assignment): Point {
  return Float64Array.from(axes, ({ parameter, kind }) => {
    const value = assignment[parameter.name]
    if (value === undefined) return Number.NaN
    return kind === 'unordered' ? optionIndex(parameter, value) : domainToUnit(parameter.domain, value)
  })
}

/** The assignment of a point; coordinates of axes that its options leave inactive are not looked at. */
export function assignmentOf(space: Space, axes: readonly Axis[], point: ArrayLike<number>): Assignment {
  return space.sample(({ dimension }) => {
    const axis = axes[dimension]
    const coordinate = point[dimension] ?? 0
    return axis?.kind === 'unordered' ? (coordinate + 0.5) / axis.size : Math.min(1, Math.max(0, coordinate))
  })
}

/** The coordinate of the value that an ordered axis has nearest to `u`: the middle of its cell. */
export function snap({ parameter }: Axis, u: number): number {
  return domainToUnit(parameter.domain, domainFromUnit(parameter.domain, Math.min(1, Math.max(0, u))))
}

function optionIndex({ domain }: Parameter, value: Scalar): number {
  return Math.round(domainToUnit(domain, value) * domainSize(domain) - 0.5)
}
