import { lossOf } from '../samplers/observations.ts'
import type { Scalar } from '../space/domain.ts'
import type { Parameter } from '../space/space.ts'
import { domainAt, domainFromUnit, domainSize, domainToUnit } from '../space/value.ts'
import type { StudyView } from '../study/view.ts'
import { type Estimate, type Finding, known, unknown } from './finding.ts'
import { type JudgedTrial, judge } from './judged.ts'

/** A value of a parameter, or a stretch of its range. */
export interface Bucket {
  /** The one value; absent for a stretch. */
  readonly value?: Scalar
  /** Its ends in [0, 1], as the domain codes them, and as values of the parameter. */
  readonly from: number
  readonly to: number
  readonly ends: readonly [Scalar, Scalar]
}

/** The best that was found with a parameter in one bucket, over all that the other parameters were. */
export interface Isolated {
  readonly bucket: Bucket
  readonly trials: number
  /** The best trial there, absent where there is none with a value. */
  readonly best?: number
  /** Its value, and the 95 % interval of the best of as many of its trials, resampled; one end is the value. */
  readonly value?: Estimate
  /** The probability that the best of as many trials is at least as bad if the parameter does not matter. */
  readonly chance?: number
}

/** Buckets along a continuous range, or one of many values. */
const BUCKETS = 8
const MOST_VALUES = 12

/**
 * The isolation plot of the tuning playbook: for each value of a parameter the best trial over all others, as if they had
 * been tuned for it. A continuous range is cut into 8 stretches of equal length along its scale, and so are ranges of more than
 * 12 values. The interval is that of bootstrap resamples of a bucket's trials, in closed form: the best of m is worse than
 * the i-th with probability (1 - i/m)^m. It says how much worse an unluckier search might have come out, and nothing of what a
 * luckier one would find. A bucket with more trials has had more chances: `chance` takes that into account, as the probability
 * that none of the better trials would fall among as many that are drawn from all without replacement.
 */
export function isolate(view: StudyView, name: string): Finding<readonly Isolated[]> {
  const { axes, trials } = judge(view)
  const parameter = axes.find(({ parameter }) => parameter.name === name)?.parameter
  if (!parameter) return unknown('The space has no such parameter that varies.')
  const having = trials.filter(({ trial }) => trial.params[name] !== undefined)
  if (having.length === 0) return unknown('No trial that has the parameter has a value.')
  const buckets = bucketsOf(parameter)
  const inBucket = Map.groupBy(having, (trial) => bucketAt(buckets, trial, parameter))
  return known(buckets.map((bucket, index) => ({ bucket, ...bestOf(view, having, inBucket.get(index) ?? []) })))
}

/** One pair of buckets of two parameters. */
export interface IsolatedPair extends Omit<Isolated, 'bucket'> {
  readonly buckets: readonly [Bucket, Bucket]
}

/** The same for two parameters: the best trial in each pair of buckets, row by row of the first. */
export function isolatePair(view: StudyView, names: readonly [string, string]): Finding<readonly IsolatedPair[]> {
  const { axes, trials } = judge(view)
  const parameters = names.flatMap((name) => axes.find(({ parameter }) => parameter.name === name)?.parameter ?? [])
  const [first, second] = parameters
  if (!first || !second) return unknown('The space has no such parameters that vary.')
  const having = trials.filter(({ trial }) => names.every((name) => trial.params[name] !== undefined))
  if (having.length === 0) return unknown('No trial that has both parameters has a value.')
  const [rows, columns] = [bucketsOf(first), bucketsOf(second)]
  const inCell = Map.groupBy(
    having,
    (trial) => bucketAt(rows, trial, first) * columns.length + bucketAt(columns, trial, second),
  )
  return known(
    rows.flatMap((row, i) =>
      columns.map((column, j) => ({
        buckets: [row, column] as const,
        ...bestOf(view, having, inCell.get(i * columns.length + j) ?? []),
      })),
    ),
  )
}

function bucketsOf({ domain }: Parameter): Bucket[] {
  const size = domainSize(domain)
  const isRange = domain.type === 'float' || domain.type === 'int'
  if (isRange && size > MOST_VALUES) {
    return Array.from({ length: BUCKETS }, (_, index) => {
      const [from, to] = [index / BUCKETS, (index + 1) / BUCKETS]
      return { from, to, ends: [domainFromUnit(domain, from), domainFromUnit(domain, to)] }
    })
  }
  const values = Array.from({ length: size }, (_, index) => domainAt(domain, index))
  const places = values.map((value) => domainToUnit(domain, value))
  return values.map((value, index) => ({
    value,
    from: index === 0 ? 0 : ((places[index - 1] ?? 0) + (places[index] ?? 0)) / 2,
    to: index === size - 1 ? 1 : ((places[index] ?? 0) + (places[index + 1] ?? 1)) / 2,
    ends: [value, value],
  }))
}

function bucketAt(buckets: readonly Bucket[], { trial }: JudgedTrial, { name, domain }: Parameter): number {
  const place = domainToUnit(domain, trial.params[name] ?? 0)
  return Math.max(
    0,
    buckets.findLastIndex(({ from }) => from <= place),
  )
}

function bestOf(
  { goal }: StudyView,
  all: readonly JudgedTrial[],
  trials: readonly JudgedTrial[],
): Omit<Isolated, 'bucket'> {
  const sorted = [...trials].sort((a, b) => a.y - b.y || a.trial.number - b.trial.number)
  const [best] = sorted
  if (!best) return { trials: 0 }
  const count = sorted.length
  const last = sorted.findIndex((_, index) => (1 - (index + 1) / count) ** count <= 0.025)
  const [value, unlucky] = [lossOf(goal, best.y), lossOf(goal, sorted[last]?.y ?? best.y)]
  return {
    trials: count,
    best: best.trial.number,
    value: { value, low: Math.min(value, unlucky), high: Math.max(value, unlucky) },
    chance: noneOf(all.filter(({ y }) => y < best.y).length, count, all.length),
  }
}

/** The probability that `drawn` of `all` are none of the `better` ones. */
function noneOf(better: number, drawn: number, all: number): number {
  let chance = 1
  for (let draw = 0; draw < drawn && chance > 0; draw++) chance *= Math.max(0, all - better - draw) / (all - draw)
  return chance
}
