import type { Goal } from '../../study/view.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { type CorrelatedLine, correlationsOf, fitCorrelatedLine, gapsOf } from './correlated-line.ts'
import { lossesOf, type Point } from './curve.ts'
import { fitLaw, intervalsOf, type LawFit } from './law-fit.ts'
import type { LawFamily } from './law-shape.ts'

/** A law that a curve follows: a + b t^-c or a + b e^(-c t), of the step t. */
export interface Law {
  readonly family: LawFamily
  /** a, where the curve leads, in the metric itself, with its 95 % interval. */
  readonly limit: Estimate
  /** c, the power or the rate per step, with its 95 % interval. */
  readonly rate: Estimate
  /** b: negative for a metric to be maximized. */
  readonly height: number
  /** By how much AICc prefers this family to the other: below 2 the two can hardly be told apart. */
  readonly lead: number
  /** Standard deviation of a point about the law, and correlation of that of neighbours. */
  readonly noise: number
  readonly correlation: number
}

/** AICc is defined from two points more than there are parameters. */
const LEAST_POINTS = 8
/** Limit, height, rate, noise, correlation. */
const PARAMETERS = 5

/**
 * The law that a curve follows, by generalized least squares under AR(1) noise: rates on a grid that is refined, limit and
 * height by regression, the correlation by restricted likelihood; the better family by AICc (Hurvich and Tsai, Biometrika 76,
 * 1989). Step 0, where a power law has no value, is left out. Unknown where a straight line does as well, or where the data
 * do not bound the rate on both sides.
 * @param points by ascending step
 */
export function lawOf(points: readonly Point[], goal: Goal): Finding<Law> {
  const found = lossesOf(
    points.filter(({ step }) => step > 0),
    goal,
    LEAST_POINTS,
  )
  if (!found.known) return found
  const { steps, losses } = found.value
  if (losses.every((loss) => loss === losses[0])) return unknown('The curve is constant: there is no course to fit.')
  const last = steps.at(-1) ?? 1
  const places = steps.map((step) => step / last)
  const [best, other] = (['power', 'exponential'] as const)
    .flatMap((family) => fitLaw(family, places, losses) ?? [])
    .sort((a, b) => criterionOf(a) - criterionOf(b))
  if (!best || !other) return unknown('The curve is all but constant: there is no course to fit.')
  const straight = fitCorrelatedLine(places, losses, correlationsOf(gapsOf(places), best.correlation))
  if (straight && criterion(straight, losses.length, PARAMETERS - 1) <= criterionOf(best)) {
    return unknown('A straight line describes the curve as well: it does not bend, or not more than its noise.')
  }
  if (best.line.slope <= 0) return unknown('The curve gets worse on the whole: it follows no law of decay.')
  const { rate, limit } = intervalsOf(best, places, losses)
  if (rate.low === 0) return unknown('The curve is too short, or too noisy, to tell where it leads and how fast.')
  if (rate.high === Number.POSITIVE_INFINITY)
    return unknown('The curve falls too fast for its points to tell how fast.')
  return known(inSteps(best, rate, limit, steps, goal, criterionOf(other) - criterionOf(best)))

  function criterionOf({ line }: LawFit): number {
    return criterion(line, losses.length, PARAMETERS)
  }
}

/** The law's value at a step. */
export function lawAt({ family, limit, height, rate }: Law, step: number): number {
  return limit.value + height * (family === 'power' ? step ** -rate.value : Math.exp(-rate.value * step))
}

/** AICc, but for what is the same for all laws of a curve. */
function criterion({ squares, logDeterminant }: CorrelatedLine, n: number, k: number): number {
  // Of an exact fit nothing may be left at all.
  return (
    n * Math.log(Math.max(Number.MIN_VALUE, squares / n)) + logDeterminant + 2 * k + (2 * k * (k + 1)) / (n - k - 1)
  )
}

/** From shares of the last step to steps, from losses to the metric. */
function inSteps(
  { family, line, noise, correlation }: LawFit,
  rate: Estimate,
  limit: Estimate,
  steps: Float64Array,
  goal: Goal,
  lead: number,
): Law {
  const [first, last] = [steps[0] ?? 1, steps.at(-1) ?? 1]
  const perStep = family === 'power' ? 1 : 1 / last
  const own = { value: rate.value * perStep, low: rate.low * perStep, high: rate.high * perStep }
  const rise = family === 'power' ? first ** own.value : Math.exp(own.value * first)
  const sign = goal === 'minimize' ? 1 : -1
  return {
    family,
    limit: goal === 'minimize' ? limit : { value: -limit.value, low: -limit.high, high: -limit.low },
    rate: own,
    height: sign * line.slope * rise,
    lead,
    noise,
    correlation,
  }
}
