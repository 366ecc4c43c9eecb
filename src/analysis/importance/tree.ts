import type { Random } from '../../numerics/random.ts'
import type { AxisCells } from './cells.ts'

/** What trees are grown on. */
export interface TreeData {
  readonly axes: readonly AxisCells[]
  /** One for each trial. */
  readonly values: Float64Array
}

/** Where a tree predicts what: leaf by leaf in flat arrays, since a small array each would cost more than the tree. */
export interface Leaves {
  readonly count: number
  readonly values: Float64Array
  /** The cells [from, to) that a leaf takes of each axis: one number for each axis, leaf after leaf. */
  readonly from: Int32Array
  readonly to: Int32Array
}

/** A regression tree: leaves that part the whole space among them. */
export interface Tree {
  readonly leaves: Leaves
  /** By axis: the place of each option along the axis as this tree sees it; absent where cells have an order. */
  readonly places: readonly (Int32Array | undefined)[]
  /** The prediction for a trial of the data. */
  predict(trial: number): number
}

const NONE = new Int32Array()

type Node = { readonly axis: number; readonly cut: number; readonly below: Node; readonly above: Node } | number

/**
 * Grows a regression tree by least squares until its leaves are pure (Breiman et al., Classification and Regression Trees,
 * 1984). Options without an order are put in the order of their mean values, by which the best of all partings of the root
 * is found (ibid., theorem 4.5). Cuts that gain equally much, as all do between two trials, are drawn among evenly by axis.
 * @param sample the trials to grow on, by index; repeats count as often
 */
export function growTree({ axes, values }: TreeData, sample: Int32Array, random: Random): Tree {
  const places = axes.map(({ axis, cells, widths }) =>
    axis.kind === 'unordered' ? placesByMean(cells, widths.length, values, sample) : undefined,
  )
  const columns = axes.map(({ cells }, index) => {
    const place = places[index]
    return place ? cells.map((cell) => place[cell] ?? 0) : cells
  })
  const trials = sample.slice()
  const leaves = {
    count: 0,
    values: new Float64Array(sample.length),
    from: new Int32Array(sample.length * axes.length),
    to: new Int32Array(sample.length * axes.length),
  }
  const from = new Int32Array(axes.length)
  const to = Int32Array.from(axes, ({ widths }) => widths.length)
  const most = Math.max(...to)
  const [sums, counts] = [new Float64Array(most), new Int32Array(most)]

  function grow(start: number, end: number): Node {
    const cut = isPure(start, end) ? undefined : bestCut(start, end)
    if (!cut) {
      const value = meanOf(start, end)
      leaves.from.set(from, leaves.count * axes.length)
      leaves.to.set(to, leaves.count * axes.length)
      leaves.values[leaves.count++] = value
      return value
    }
    const { axis, at } = cut
    const middle = part(columns[axis] ?? NONE, at, start, end)
    const low = from[axis] ?? 0
    const high = to[axis] ?? 0
    to[axis] = at
    const below = grow(start, middle)
    to[axis] = high
    from[axis] = at
    const above = grow(middle, end)
    from[axis] = low
    return { axis, cut: at, below, above }
  }

  function isPure(start: number, end: number): boolean {
    const first = values[trials[start] ?? 0]
    for (let i = start + 1; i < end; i++) if (values[trials[i] ?? 0] !== first) return false
    return true
  }

  function meanOf(start: number, end: number): number {
    let sum = 0
    for (let i = start; i < end; i++) sum += values[trials[i] ?? 0] ?? 0
    return sum / (end - start)
  }

  /** The cut after which squared means, weighted by counts, sum to the most: what is left of the variance is least. */
  function bestCut(start: number, end: number): { axis: number; at: number } | undefined {
    let best = -1
    let at = 0
    let most = Number.NEGATIVE_INFINITY
    const first = random.int(axes.length)
    for (let turn = 0; turn < axes.length; turn++) {
      const axis = (first + turn) % axes.length
      const column = columns[axis] ?? NONE
      const low = from[axis] ?? 0
      const high = to[axis] ?? 0
      if (high - low < 2) continue
      sums.fill(0, low, high)
      counts.fill(0, low, high)
      let all = 0
      for (let i = start; i < end; i++) {
        const trial = trials[i] ?? 0
        const cell = column[trial] ?? 0
        const value = values[trial] ?? 0
        sums[cell] = (sums[cell] ?? 0) + value
        counts[cell] = (counts[cell] ?? 0) + 1
        all += value
      }
      let sum = 0
      let count = 0
      let last = -1
      for (let cell = low; cell < high; cell++) {
        const here = counts[cell] ?? 0
        if (here === 0) continue
        if (last >= 0) {
          const rest = all - sum
          const score = (sum * sum) / count + (rest * rest) / (end - start - count)
          if (score > most) {
            most = score
            // In the middle of the cells that no trial is in.
            best = axis
            at = (last + cell + 1) >> 1
          }
        }
        sum += sums[cell] ?? 0
        count += here
        last = cell
      }
    }
    return best < 0 ? undefined : { axis: best, at }
  }

  /** Puts the trials below the cut first; returns where those above it begin. */
  function part(column: Int32Array, cut: number, start: number, end: number): number {
    let middle = start
    for (let i = start; i < end; i++) {
      const trial = trials[i] ?? 0
      if ((column[trial] ?? 0) >= cut) continue
      trials[i] = trials[middle] ?? 0
      trials[middle++] = trial
    }
    return middle
  }

  const root = grow(0, trials.length)
  return {
    leaves,
    places,
    predict(trial) {
      let node = root
      while (typeof node !== 'number') {
        node = (columns[node.axis]?.[trial] ?? 0) < node.cut ? node.below : node.above
      }
      return node
    },
  }
}

/** Where each option comes by the mean of its trials; options that no trial has are taken to be average. */
function placesByMean(cells: Int32Array, options: number, values: Float64Array, sample: Int32Array): Int32Array {
  const [sums, counts] = [new Float64Array(options), new Int32Array(options)]
  let all = 0
  for (const trial of sample) {
    const [cell, value] = [cells[trial] ?? 0, values[trial] ?? 0]
    sums[cell] = (sums[cell] ?? 0) + value
    counts[cell] = (counts[cell] ?? 0) + 1
    all += value
  }
  const means = Array.from(sums, (sum, option) => (counts[option] ? sum / counts[option] : all / sample.length))
  const order = means.map((_, option) => option).sort((a, b) => (means[a] ?? 0) - (means[b] ?? 0) || a - b)
  const places = new Int32Array(options)
  for (const [place, option] of order.entries()) places[option] = place
  return places
}
