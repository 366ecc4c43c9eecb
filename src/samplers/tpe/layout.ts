import type { Assignment } from '../../space/params.ts'
import type { Space } from '../../space/space.ts'
import { domainAt, domainToUnit } from '../../space/value.ts'
import { type Axis, assignmentOf, axesOf, pointOf } from '../axes.ts'
import { cellOf } from '../cells.ts'

/** The largest number of values for which a kernel keeps the probability of each. A finer grid is as good as continuous. */
const LISTED = 256

/**
 * How densities see one axis. `line`: a coordinate in [0, 1], continuous or of a grid finer than any kernel. `cells`: few
 * values in an order, each with its share of [0, 1]. `options`: values without an order. The latter two by index.
 */
export interface Track {
  readonly dimension: number
  readonly axis: Axis
  readonly kind: 'line' | 'cells' | 'options'
  /** Where cells begin and, at last, end: one more than there are values. Empty for other kinds. */
  readonly edges: Float64Array
}

/** A space as densities see it. Their points have a coordinate or an index by dimension, and NaN where not active. */
export interface Layout {
  readonly space: Space
  readonly axes: readonly Axis[]
  /** By dimension. */
  readonly tracks: readonly Track[]
  /** Every axis after the one whose option makes it active. */
  readonly outward: readonly Track[]
  /** The axes that the options of a point make active. */
  active(point: ArrayLike<number>): ActiveTracks
}

/** Axes by what there is to do for them. */
export interface ActiveTracks {
  /** Dimensions of lines that every point has. */
  readonly lines: Int32Array
  /** Dimensions of lines that not every point has. */
  readonly conditional: Int32Array
  /** Dimensions. */
  readonly options: Int32Array
  readonly cells: readonly Track[]
}

export function layoutOf(space: Space): Layout {
  const axes = axesOf(space)
  const tracks = axes.map((axis, dimension): Track => {
    if (axis.kind === 'unordered') return { dimension, axis, kind: 'options', edges: new Float64Array() }
    if (axis.size > LISTED) return { dimension, axis, kind: 'line', edges: new Float64Array() }
    return { dimension, axis, kind: 'cells', edges: edgesOf(axis) }
  })
  const depth = ({ parent }: Axis): number => {
    const above = parent && axes[parent.dimension]
    return above ? depth(above) + 1 : 0
  }
  const outward = [...tracks].sort((a, b) => depth(a.axis) - depth(b.axis))
  // Where nothing is conditional, the answer is always the same.
  const all = axes.some(({ parent }) => parent) ? undefined : sortTracks(tracks)
  const active = (point: ArrayLike<number>) => all ?? sortTracks(tracks.filter(({ axis }) => isActive(axis, point)))
  return { space, axes, tracks, outward, active }
}

function sortTracks(tracks: readonly Track[]): ActiveTracks {
  const dimensions = (choose: (track: Track) => boolean) =>
    Int32Array.from(tracks.filter(choose), ({ dimension }) => dimension)
  return {
    lines: dimensions(({ kind, axis }) => kind === 'line' && !axis.parent),
    conditional: dimensions(({ kind, axis }) => kind === 'line' && axis.parent !== undefined),
    options: dimensions(({ kind }) => kind === 'options'),
    cells: tracks.filter(({ kind }) => kind === 'cells'),
  }
}

/** Whether the options of a point make an axis active. */
export function isActive({ parent }: Axis, point: ArrayLike<number>): boolean {
  return !parent || point[parent.dimension] === parent.option
}

export function middleOf({ edges }: Track, index: number): number {
  return ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2
}

export function cellWidth({ edges }: Track, index: number): number {
  return (edges[index + 1] ?? 0) - (edges[index] ?? 0)
}

/** The cell that holds a coordinate in [0, 1]. */
export function indexOf({ edges }: Track, u: number): number {
  let low = 0
  let high = edges.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((edges[middle] ?? 0) <= u) low = middle
    else high = middle - 1
  }
  return low
}

/** The point of an assignment. A parameter that the assignment lacks counts as not active. */
export function placeOf({ axes, tracks }: Layout, assignment: Assignment): Float64Array {
  const point = pointOf(axes, assignment)
  for (const track of tracks) {
    const u = point[track.dimension] ?? Number.NaN
    if (track.kind === 'cells' && !Number.isNaN(u)) point[track.dimension] = indexOf(track, u)
  }
  return point
}

/** The assignment at a point. */
export function assignmentAt({ space, axes, tracks }: Layout, point: Float64Array): Assignment {
  return assignmentOf(
    space,
    axes,
    point.map((value, dimension) => {
      const track = tracks[dimension]
      return track?.kind === 'cells' && !Number.isNaN(value) ? middleOf(track, value) : value
    }),
  )
}

function edgesOf(axis: Axis): Float64Array {
  const edges = new Float64Array(axis.size + 1)
  const { domain } = axis.parameter
  for (let i = 0; i < axis.size; i++) edges[i + 1] = cellOf(axis, domainToUnit(domain, domainAt(domain, i))).high
  return edges
}
