import { createRandom } from '../../numerics/random.ts'
import { studentQuantile } from '../../numerics/student-t.ts'
import type { Axis } from '../../samplers/axes.ts'
import type { StudyView } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { type Judged, type JudgedTrial, judge } from '../judged.ts'
import { thin } from '../thin.ts'
import { type AxisCells, cutAxis } from './cells.ts'
import { type Condition, conditionsOf } from './conditions.ts'
import { type Forest, growForest, pairsOf } from './forest.ts'
import type { Importance } from './importance.ts'
import { treeSurface } from './marginals.ts'
import type { TreeData } from './tree.ts'

export interface FanovaOptions {
  /** Trees of the forest. Default: 64, as Optuna's. */
  readonly trees?: number
  /** Of more trials than these a random sample is used. Default: 1000. */
  readonly mostTrials?: number
  /** What the variance is taken of, from a trial's value turned so that less is better. Default: that itself. */
  readonly measure?: (y: number) => number
}

/** Importances among the trials of one condition. */
export interface GroupImportance {
  /** How many trials the forest is of, and how many there were. */
  readonly trials: number
  readonly available: number
  /** The share of the variance that the forest predicts for trials it was not grown on. */
  readonly explained: number
  /** Main effects of the condition's own parameters, most important first. */
  readonly main: readonly Importance<string>[]
  /** Interactions that one of its own parameters takes part in, most important first. */
  readonly pairs: readonly Importance<readonly [string, string]>[]
  /** What the forest predicts over two parameters, on average over the others. */
  surface(first: string, second: string): Surface | undefined
}

/** A function of two parameters, constant on cells. */
export interface Surface {
  /** The ends of the cells along each parameter in [0, 1], as its domain codes it. */
  readonly edges: readonly [Float64Array, Float64Array]
  /** By row: the cells of the second parameter in the first cell of the first, and so on. */
  readonly values: Float64Array
}

export interface Fanova {
  readonly groups: readonly {
    /** The branch that its trials took; absent for the group of all trials. */
    readonly branch?: NonNullable<Condition['branch']>
    readonly found: Finding<GroupImportance>
  }[]
  readonly leftOut: Judged['leftOut']
}

const LEAST_TRIALS = 20
const TREES = 64
const MOST_TRIALS = 1000
/** Half-samples for the intervals, in pairs that part the trials between them, and the trees grown on each. */
const HALVES = 24
const TREES_OF_HALF = 4

/**
 * How much of the variance of the value over the whole space each parameter explains by itself, and each two beyond that:
 * functional ANOVA of a random forest (Hutter, Hoos and Leyton-Brown, ICML 2014). The space counts evenly along its scales.
 * A conditional parameter is judged on the trials that have it, by a forest of its own over all the parameters that those
 * trials share; the choice that opens it is one of those above. So its share is of the variance within its branch, and is not
 * to be compared with shares of others. Trials without a finite value are left out.
 *
 * Intervals: 95 %, by half-samples. The spread of what forests on random halves of the trials find is that of forests on all
 * of them from study to study, since half a sample without replacement differs from the whole with a variance of σ²/n
 * (McCarthy 1969; for forests Athey, Tibshirani and Wager 2019, Ann. Stat. 47, section 4.1). They say how much trials of the same
 * sampler would differ, not how far the forest is from the truth.
 */
export function fanova(view: StudyView, options: FanovaOptions = {}): Finding<Fanova> {
  const { axes, trials, leftOut } = judge(view)
  const groups = conditionsOf(view.space, axes)
    .filter(({ own }) => own.length > 0)
    .map((condition) => ({
      ...(condition.branch && { branch: condition.branch }),
      found: judgeGroup(view.seed, axes, trials, condition, options),
    }))
  const first = groups[0]?.found
  if (!first) return unknown('No parameter varies.')
  return !first.known && groups.every(({ found }) => !found.known) ? first : known({ groups, leftOut })
}

function judgeGroup(
  seed: number,
  axes: readonly Axis[],
  all: readonly JudgedTrial[],
  { branch, dimensions, own }: Condition,
  { trees = TREES, mostTrials = MOST_TRIALS, measure = (y) => y }: FanovaOptions,
): Finding<GroupImportance> {
  const purpose = `fanova ${branch ? `${branch.name}=${branch.branch}` : ''}`
  const having = all.filter(({ trial }) => !branch || trial.params[branch.name] === branch.branch)
  const trials = thin(having, mostTrials, seed, `${purpose} thin`)
  const why = unfit(having, dimensions.length, measure)
  if (why) return unknown(why)

  const units = standardise(trials.map(({ y }) => measure(y)))
  const data: TreeData = {
    axes: dimensions.flatMap((dimension) => {
      const axis = axes[dimension]
      return axis
        ? [
            cutAxis(
              axis,
              Float64Array.from(trials, ({ point }) => point[dimension] ?? 0),
            ),
          ]
        : []
    }),
    values: units.values,
  }
  const everyone = Int32Array.from(trials, (_, index) => index)
  const forest = growForest(data, everyone, trees, { seed, purpose })
  if (!(forest.explained > 0)) {
    return unknown(
      'The forest predicts trials that it was not grown on no better than their mean does, so that its importances would be of noise.',
    )
  }
  const halves = Array.from({ length: HALVES }, (_, half) => {
    const order = createRandom(seed, half >> 1, `${purpose} halves`).permutation(trials.length)
    const middle = trials.length >> 1
    const chosen = half % 2 === 0 ? order.slice(0, middle) : order.slice(middle)
    return growForest(data, Int32Array.from(chosen), TREES_OF_HALF, { seed, purpose: `${purpose} half ${half}` })
  })
  const names = data.axes.map(({ axis }) => axis.parameter.name)
  const isOwn = dimensions.map((dimension) => own.includes(dimension))
  const estimate = (share: (forest: Forest) => number) => withSpread(share(forest), halves.map(share))
  return known({
    trials: trials.length,
    available: having.length,
    explained: forest.explained,
    main: names
      .map((of, axis) => ({ of, share: estimate(({ main }) => main[axis] ?? 0) }))
      .filter((_, axis) => isOwn[axis])
      .sort(byShare),
    pairs: pairsOf(names.length)
      .map(([first, second], index) => ({
        of: [names[first] ?? '', names[second] ?? ''] as const,
        isOwn: isOwn[first] || isOwn[second],
        share: estimate(({ pairs }) => pairs[index] ?? 0),
      }))
      .filter(({ isOwn }) => isOwn)
      .map(({ of, share }) => ({ of, share }))
      .sort(byShare),
    surface: (first, second) => surfaceOf(forest, data.axes, [names.indexOf(first), names.indexOf(second)], units),
  })
}

/** Why importances of these trials would mean nothing. */
function unfit(trials: readonly JudgedTrial[], parameters: number, measure: (y: number) => number): string | undefined {
  if (parameters < 2) return 'Only one parameter varies, and so all that parameters can explain is its.'
  if (trials.length < LEAST_TRIALS) {
    return `There are ${trials.length} trials with a value, and importances need ${LEAST_TRIALS}.`
  }
  const values = new Set(trials.map(({ y }) => measure(y)))
  return values.size === 1 ? 'All trials have the same value, so that there is nothing to explain.' : undefined
}

/** Values without their mean, in units of the largest: sums of squares of them neither cancel nor overflow. */
interface Units {
  readonly values: Float64Array
  /** What a standardised value was. */
  back(value: number): number
}

function standardise(values: readonly number[]): Units {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE)
  const scaled = Float64Array.from(values, (value) => value / largest)
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length
  return { values: scaled.map((value) => value - mean), back: (value) => (value + mean) * largest }
}

function withSpread(value: number, found: readonly number[]): Estimate {
  const mean = found.reduce((sum, share) => sum + share, 0) / found.length
  const variance = found.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (found.length - 1)
  const reach = studentQuantile(found.length - 1, 0.95) * Math.sqrt(variance)
  return { value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) }
}

function byShare(a: Importance<unknown>, b: Importance<unknown>): number {
  return b.share.value - a.share.value
}

function surfaceOf(
  { trees }: Forest,
  axes: readonly AxisCells[],
  pair: readonly [number, number],
  { back }: Units,
): Surface | undefined {
  const [across, along] = [axes[pair[0]], axes[pair[1]]]
  if (!across || !along || across === along) return undefined
  const sum = new Float64Array(across.widths.length * along.widths.length)
  for (const tree of trees) {
    for (const [at, value] of treeSurface(tree, axes, pair).entries()) sum[at] = (sum[at] ?? 0) + value
  }
  return { edges: [across.edges, along.edges], values: sum.map((value) => back(value / trees.length)) }
}
