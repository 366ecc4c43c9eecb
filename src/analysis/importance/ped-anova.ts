import { createRandom } from '../../numerics/random.ts'
import type { StudyView } from '../../study/view.ts'
import { type Finding, known, unknown } from '../finding.ts'
import { type Judged, judge } from '../judged.ts'
import { gridOf } from './grid-cell.ts'
import type { Importance } from './importance.ts'
import { orderedDensity, unorderedDensity } from './parzen.ts'

export interface PedAnovaOptions {
  /** The best trials whose region is looked at, as a share of all. Default: 0.1, or what makes five of them. */
  readonly target?: number
  /** What they are compared with: the best trials that are so large a share of all. Default: 1, all of them. */
  readonly region?: number
}

export interface PedAnova {
  /** For every parameter that varies, most important first; their shares sum to 1. */
  readonly main: readonly Importance<string>[]
  /** How many trials are in the target and in the region that it is compared with. */
  readonly target: number
  readonly region: number
  readonly leftOut: Judged['leftOut']
}

const LEAST_TRIALS = 20
const LEAST_TARGET = 5
const RESAMPLES = 100

/**
 * Which parameters decide whether a trial is among the best: how far the density of each parameter among the best trials is
 * from that among all, as a Pearson divergence in closed form (PED-ANOVA: Watanabe, Bansal and Hutter, IJCAI 2023). Only what
 * the trials of this study tried counts, so that samplers that gather in good regions do no harm. A conditional parameter is
 * judged on the trials that have it, weighted by α²/β, the shares of the target and of the region that do (conditional
 * PED-ANOVA, arXiv:2601.20800, theorem 4.2); the choice that opens it is judged as any other. Numerically Optuna's
 * `PedAnovaImportanceEvaluator`. Interactions are not seen. Trials without a finite value are left out.
 *
 * Intervals: 95 %, by the standard error over 100 bootstrap samples of the trials.
 */
export function pedAnova(view: StudyView, options: PedAnovaOptions = {}): Finding<PedAnova> {
  const { axes, trials, leftOut } = judge(view)
  const grids = axes.map((axis) => ({ axis, grid: gridOf(axis) }))
  if (axes.length < 2) {
    return unknown('Only one parameter varies, and so all that parameters can explain is its.')
  }
  if (trials.length < LEAST_TRIALS) {
    return unknown(`There are ${trials.length} trials with a value, and importances need ${LEAST_TRIALS}.`)
  }
  const { target = Math.max(0.1, LEAST_TARGET / trials.length), region = 1 } = options
  const columns = grids.map(({ axis, grid }) => ({
    name: axis.parameter.name,
    size: grid.size,
    density: axis.kind === 'unordered' ? unorderedDensity : orderedDensity,
    // -1 where the trial does not have the parameter.
    cells: Int32Array.from(trials, ({ trial }) => {
      const value = trial.params[axis.parameter.name]
      return value === undefined ? -1 : grid.at(value)
    }),
  }))
  const losses = Float64Array.from(trials, ({ y }) => y)
  const order = Int32Array.from(losses.keys()).sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0))
  const whole = new Int32Array(trials.length).fill(1)
  const found = sharesOf(columns, losses, order, whole, target, region)
  if (found.target === found.region) {
    return unknown('All the trials that are compared have the same value, so that none is among the best.')
  }
  const spread = new Float64Array(columns.length)
  const mean = new Float64Array(columns.length)
  for (let number = 0; number < RESAMPLES; number++) {
    const random = createRandom(view.seed, number, 'pedAnova')
    const counts = new Int32Array(trials.length)
    for (let draw = 0; draw < trials.length; draw++) {
      const chosen = random.int(trials.length)
      counts[chosen] = (counts[chosen] ?? 0) + 1
    }
    const { shares } = sharesOf(columns, losses, order, counts, target, region)
    // Welford's running mean and sum of squares.
    for (const [index, share] of shares.entries()) {
      const before = mean[index] ?? 0
      mean[index] = before + (share - before) / (number + 1)
      spread[index] = (spread[index] ?? 0) + (share - before) * (share - (mean[index] ?? 0))
    }
  }
  const main = columns.map(({ name }, index) => {
    const value = found.shares[index] ?? 0
    const reach = 1.959964 * Math.sqrt((spread[index] ?? 0) / (RESAMPLES - 1))
    return { of: name, share: { value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) } }
  })
  return known({
    main: main.sort((a, b) => b.share.value - a.share.value),
    target: found.target,
    region: found.region,
    leftOut,
  })
}

interface Column {
  readonly name: string
  readonly size: number
  readonly cells: Int32Array
  density(counts: Int32Array): Float64Array
}

/**
 * @param order the trials, best first
 * @param repeats how often each trial counts
 */
function sharesOf(
  columns: readonly Column[],
  losses: Float64Array,
  order: Int32Array,
  repeats: Int32Array,
  target: number,
  region: number,
) {
  const top = within(losses, order, repeats, target)
  const wide = within(losses, order, repeats, region)
  const raw = Float64Array.from(columns, ({ cells, size, density }) => {
    const [near, all] = [new Int32Array(size), new Int32Array(size)]
    let [nearCount, allCount] = [0, 0]
    for (const trial of wide.trials) {
      const cell = cells[trial] ?? -1
      if (cell < 0) continue
      const count = repeats[trial] ?? 0
      all[cell] = (all[cell] ?? 0) + count
      allCount += count
      if ((losses[trial] ?? 0) > top.limit) continue
      near[cell] = (near[cell] ?? 0) + count
      nearCount += count
    }
    if (nearCount === 0 || allCount < 2) return 0
    const weight = (nearCount / top.count) ** 2 / (allCount / wide.count)
    return weight * divergence(density(near), density(all))
  })
  const sum = raw.reduce((total, share) => total + share, 0)
  return {
    shares: raw.map((share) => (sum > 0 ? share / sum : 1 / columns.length)),
    target: top.count,
    region: wide.count,
  }
}

/** The best trials that are at least `share` of all, and those that equal the last of them. */
function within(losses: Float64Array, order: Int32Array, repeats: Int32Array, share: number) {
  const all = repeats.reduce((sum, count) => sum + count, 0)
  const least = Math.ceil(share * all)
  let [count, end, limit] = [0, 0, Number.NEGATIVE_INFINITY]
  for (; end < order.length; end++) {
    const trial = order[end] ?? 0
    const loss = losses[trial] ?? 0
    if (count >= least && loss > limit) break
    if ((repeats[trial] ?? 0) === 0) continue
    count += repeats[trial] ?? 0
    limit = loss
  }
  return { trials: order.subarray(0, end), count, limit }
}

/** Pearson's: the mean of (near / all - 1)² over `all`. */
function divergence(near: Float64Array, all: Float64Array): number {
  return all.reduce((sum, density, cell) => {
    const [p, q] = [(near[cell] ?? 0) + 1e-12, density + 1e-12]
    return sum + (p - q) ** 2 / q
  }, 0)
}
