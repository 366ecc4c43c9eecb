import { fTail } from '../../numerics/f-distribution.ts'
import { type Finding, known, unknown } from '../finding.ts'
import { fitSaturation, type LogPoint, type Saturation } from './saturation.ts'

/** Whether points lie about the curve as noise would have it. Of batch sizes at which all runs reached the goal. */
export interface LackOfFit {
  /** The scatter of batch sizes about the curve against that of runs at the same batch size. */
  readonly pureError: Finding<FTest>
  /** Whether the knee of the curve is as sharp as a hyperbola's. */
  readonly knee: Finding<KneeTest>
}

export interface FTest {
  readonly ratio: number
  /** Degrees of freedom of the numerator and the denominator. */
  readonly degrees: readonly [number, number]
  /** Of a ratio as large where the curve holds. Below .05 the curve is doubtful, and with it what was fitted. */
  readonly probability: number
}

export interface KneeTest extends FTest {
  /** What fits better than the hyperbola, if the probability is small. */
  readonly better: 'sharper' | 'softer'
}

/** Residuals below it are errors of rounding. */
const ROUNDING = 1e-9

/**
 * @param fit of the points. Undefined where some are censored: then that of the batch sizes that have none is made
 */
export function lackOfFit(fit: Saturation | undefined, points: readonly LogPoint[]): LackOfFit {
  const cut = new Set(points.filter(({ isCensored }) => isCensored).map(({ x }) => x))
  const complete = points.filter(({ x }) => !cut.has(x))
  const groups = [...Map.groupBy(complete, ({ x }) => x).values()]
  const both = (why: string): LackOfFit => ({ pureError: unknown(why), knee: unknown(why) })
  if (groups.length < 3) return both('It takes three batch sizes at which all runs reached the goal.')
  const curve = fit ?? fitSaturation(complete)
  const residuals = complete.map(({ x, y }) => y - curve.valueAt(x))
  const left = squares(residuals)
  if (Math.sqrt(left / complete.length) < ROUNDING) return both('The points lie on the curve to within rounding.')
  return { pureError: pureErrorTest(groups, complete.length, left), knee: kneeTest(curve, complete, residuals) }
}

function pureErrorTest(groups: readonly (readonly LogPoint[])[], count: number, left: number): Finding<FTest> {
  const degrees: [number, number] = [groups.length - 2, count - groups.length]
  if (degrees[1] === 0) return unknown('No batch size has several runs.')
  const pure = groups.reduce((sum, group) => {
    const mean = group.reduce((total, { y }) => total + y, 0) / group.length
    return sum + squares(group.map(({ y }) => y - mean))
  }, 0)
  const ratio = Math.max(0, left - pure) / degrees[0] / (pure / degrees[1])
  return known({ ratio, degrees, probability: fTail(ratio, ...degrees) })
}

/**
 * A score test against S = S_min (1 + (B_crit / B)^p)^(1 / p): the derivative of log S by p at 1 is -H(w), the entropy of
 * w = B_crit / (B + B_crit), a bump at the knee. It joins the curve's own derivatives, 1 and w, as a further regressor.
 */
function kneeTest(curve: Saturation, points: readonly LogPoint[], residuals: readonly number[]): Finding<KneeTest> {
  const degrees: [number, number] = [1, points.length - 3]
  if (degrees[1] < 1) return unknown('It takes four runs.')
  const shares = points.map(({ x }) => 1 / (1 + Math.exp(x - curve.half.value)))
  const constant = shares.map(() => 1)
  const bend = rest(shares.map(entropy), [constant, rest(shares, [constant])])
  const size = squares(bend)
  if (size < 1e-6) return unknown('The knee is not among the batch sizes.')
  const along = dot(bend, residuals)
  const gain = along ** 2 / size
  const ratio = gain / ((squares(residuals) - gain) / degrees[1])
  return known({ ratio, degrees, probability: fTail(ratio, ...degrees), better: along < 0 ? 'sharper' : 'softer' })
}

/** What is left of a vector without its parts along orthogonal others. */
function rest(vector: readonly number[], others: readonly (readonly number[])[]): number[] {
  return others.reduce<number[]>(
    (left, other) => {
      const share = dot(left, other) / (squares(other) || 1)
      return left.map((value, i) => value - share * (other[i] ?? 0))
    },
    [...vector],
  )
}

function entropy(share: number): number {
  return share <= 0 || share >= 1 ? 0 : -share * Math.log(share) - (1 - share) * Math.log1p(-share)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

function squares(values: readonly number[]): number {
  return dot(values, values)
}
