import type { AxisCells } from './cells.ts'
import type { Leaves, Tree } from './tree.ts'

const NONE = new Float64Array()

/** The variance of a tree's prediction over the whole space, and the parts of it. */
export interface TreeVariance {
  readonly total: number
  /** Of the main effect of each axis. */
  readonly main: Float64Array
  /** Of the interaction of two axes, beyond their main effects. */
  pair(first: number, second: number): number
}

/**
 * The parts of a tree's variance over the uniform measure of the space, exactly: a marginal is the sum over the leaves of
 * their values, weighted by the volume of what is integrated out (Hutter, Hoos and Leyton-Brown, ICML 2014, theorem 1 and
 * algorithm 2).
 */
export function treeVariance(tree: Tree, axes: readonly AxisCells[]): TreeVariance {
  const measured = measure(tree, axes)
  const { masses } = measured
  let mean = 0
  let square = 0
  for (let leaf = 0; leaf < masses.length; leaf++) {
    mean += masses[leaf] ?? 0
    square += (masses[leaf] ?? 0) * (tree.leaves.values[leaf] ?? 0)
  }
  const main = Float64Array.from(axes, ({ widths }, axis) => {
    const marginal = marginalOne(measured, axis)
    let sum = 0
    for (let cell = 0; cell < widths.length; cell++) sum += (widths[cell] ?? 0) * ((marginal[cell] ?? 0) - mean) ** 2
    return sum
  })
  return {
    total: Math.max(0, square - mean * mean),
    main,
    pair(first, second) {
      const across = axes[first]?.widths ?? NONE
      const along = axes[second]?.widths ?? NONE
      const marginal = marginalTwo(measured, first, second)
      let sum = 0
      for (let i = 0; i < across.length; i++) {
        for (let j = 0; j < along.length; j++) {
          sum += (across[i] ?? 0) * (along[j] ?? 0) * ((marginal[i * along.length + j] ?? 0) - mean) ** 2
        }
      }
      return Math.max(0, sum - (main[first] ?? 0) - (main[second] ?? 0))
    },
  }
}

/**
 * What the tree predicts for each pair of cells of two axes, on average over all others: row by row of `first`, in the order
 * of the data's cells, not of the tree's.
 */
export function treeSurface(tree: Tree, axes: readonly AxisCells[], pair: readonly [number, number]): Float64Array {
  const found = marginalTwo(measure(tree, axes), ...pair)
  const columns = axes[pair[1]]?.widths.length ?? 0
  const [rowAt, columnAt] = pair.map((axis) => tree.places[axis])
  return found.map((_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns]
    return found[(rowAt?.[row] ?? row) * columns + (columnAt?.[column] ?? column)] ?? 0
  })
}

/** A tree's leaves with what they weigh. */
interface Measured {
  readonly leaves: Leaves
  readonly axes: readonly AxisCells[]
  /** Value times volume of each leaf. */
  readonly masses: Float64Array
}

function measure({ leaves }: Tree, axes: readonly AxisCells[]): Measured {
  const masses = leaves.values.slice(0, leaves.count)
  for (let leaf = 0; leaf < leaves.count; leaf++) {
    for (let axis = 0; axis < axes.length; axis++) {
      masses[leaf] = (masses[leaf] ?? 0) * widthOf(leaves, axes, leaf, axis)
    }
  }
  return { leaves, axes, masses }
}

function marginalOne({ leaves, axes, masses }: Measured, axis: number): Float64Array {
  const count = axes[axis]?.widths.length ?? 0
  // Each leaf is added where it begins and taken away where it ends.
  const steps = new Float64Array(count + 1)
  for (let leaf = 0; leaf < masses.length; leaf++) {
    const from = leaves.from[leaf * axes.length + axis] ?? 0
    const to = leaves.to[leaf * axes.length + axis] ?? 0
    const amount = (masses[leaf] ?? 0) / widthOf(leaves, axes, leaf, axis)
    steps[from] = (steps[from] ?? 0) + amount
    steps[to] = (steps[to] ?? 0) - amount
  }
  for (let cell = 1; cell < count; cell++) steps[cell] = (steps[cell] ?? 0) + (steps[cell - 1] ?? 0)
  return steps.subarray(0, count)
}

function marginalTwo({ leaves, axes, masses }: Measured, first: number, second: number): Float64Array {
  const rows = axes[first]?.widths.length ?? 0
  const columns = axes[second]?.widths.length ?? 0
  const sums = new Float64Array(rows * columns)
  const add = (row: number, column: number, amount: number) => {
    if (row < rows && column < columns) sums[row * columns + column] = (sums[row * columns + column] ?? 0) + amount
  }
  for (let leaf = 0; leaf < masses.length; leaf++) {
    const area = widthOf(leaves, axes, leaf, first) * widthOf(leaves, axes, leaf, second)
    const amount = (masses[leaf] ?? 0) / area
    const row = leaf * axes.length + first
    const column = leaf * axes.length + second
    add(leaves.from[row] ?? 0, leaves.from[column] ?? 0, amount)
    add(leaves.to[row] ?? 0, leaves.from[column] ?? 0, -amount)
    add(leaves.from[row] ?? 0, leaves.to[column] ?? 0, -amount)
    add(leaves.to[row] ?? 0, leaves.to[column] ?? 0, amount)
  }
  for (let at = 0; at < sums.length; at++) if (at % columns > 0) sums[at] = (sums[at] ?? 0) + (sums[at - 1] ?? 0)
  for (let at = columns; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (sums[at - columns] ?? 0)
  return sums
}

/** The share of an axis that a leaf takes; options are equally wide, so that the order a tree sees them in does not matter. */
function widthOf({ from, to }: Leaves, axes: readonly AxisCells[], leaf: number, axis: number): number {
  const edges = axes[axis]?.edges
  const at = leaf * axes.length + axis
  return (edges?.[to[at] ?? 0] ?? 1) - (edges?.[from[at] ?? 0] ?? 0)
}
