import { createRandom, type Random } from '../../numerics/random.ts'
import { type TreeVariance, treeVariance } from './marginals.ts'
import { growTree, type Tree, type TreeData } from './tree.ts'

/** Trees on bootstrap samples of the trials. */
export interface Forest {
  readonly trees: readonly Tree[]
  /**
   * The share of the values' variance that is predicted for trials by the trees that were not grown on them (1 - squared
   * error / variance). At 0 or below the forest knows nothing; NaN where no tree left a trial out.
   */
  readonly explained: number
  /** The share of the prediction's variance that each axis has by itself, averaged over the trees that have any variance. */
  readonly main: Float64Array
  /** The share that the pairs have beyond their main effects, in the order of `pairsOf`. */
  readonly pairs: Float64Array
}

/** All pairs of the first `count` whole numbers, the smaller one first. */
export function pairsOf(count: number): [number, number][] {
  return Array.from({ length: count }, (_, first) =>
    Array.from({ length: count - 1 - first }, (_, more): [number, number] => [first, first + 1 + more]),
  ).flat()
}

/**
 * Grows a forest and averages the parts of its trees' variance (Hutter et al. 2014, section 4).
 * @param trials those to grow on, by index
 */
export function growForest(
  data: TreeData,
  trials: Int32Array,
  trees: number,
  { seed, purpose }: { readonly seed: number; readonly purpose: string },
): Forest {
  const count = data.axes.length
  const pairs = pairsOf(count)
  const grown: Tree[] = []
  const [main, both] = [new Float64Array(count), new Float64Array(pairs.length)]
  const [sums, votes] = [new Float64Array(data.values.length), new Int32Array(data.values.length)]
  let varied = 0
  for (let number = 0; number < trees; number++) {
    const random = createRandom(seed, number, purpose)
    const sample = resample(trials, random)
    const tree = growTree(data, sample, random)
    grown.push(tree)
    vote(tree, trials, sample, sums, votes)
    const variance = treeVariance(tree, data.axes)
    if (!(variance.total > 0)) continue
    varied++
    addShares(variance, pairs, main, both)
  }
  return {
    trees: grown,
    explained: explainedShare(data.values, trials, sums, votes),
    main: main.map((sum) => sum / Math.max(1, varied)),
    pairs: both.map((sum) => sum / Math.max(1, varied)),
  }
}

function resample(trials: Int32Array, random: Random): Int32Array {
  return trials.map(() => trials[random.int(trials.length)] ?? 0)
}

function addShares(
  variance: TreeVariance,
  pairs: readonly (readonly [number, number])[],
  main: Float64Array,
  both: Float64Array,
): void {
  for (const [axis, part] of variance.main.entries()) main[axis] = (main[axis] ?? 0) + part / variance.total
  for (const [index, [first, second]] of pairs.entries()) {
    both[index] = (both[index] ?? 0) + variance.pair(first, second) / variance.total
  }
}

/** Adds the predictions of a tree for the trials that it was not grown on. */
function vote(tree: Tree, trials: Int32Array, sample: Int32Array, sums: Float64Array, votes: Int32Array): void {
  const seen = new Set(sample)
  for (const trial of trials) {
    if (seen.has(trial)) continue
    sums[trial] = (sums[trial] ?? 0) + tree.predict(trial)
    votes[trial] = (votes[trial] ?? 0) + 1
  }
}

function explainedShare(values: Float64Array, trials: Int32Array, sums: Float64Array, votes: Int32Array): number {
  const judged = trials.filter((trial) => (votes[trial] ?? 0) > 0)
  const mean = judged.reduce((sum, trial) => sum + (values[trial] ?? 0), 0) / judged.length
  let [error, variance] = [0, 0]
  for (const trial of judged) {
    const value = values[trial] ?? 0
    error += (value - (sums[trial] ?? 0) / (votes[trial] ?? 1)) ** 2
    variance += (value - mean) ** 2
  }
  return 1 - error / variance
}
