import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { mapEstimate } from '../map-estimate.ts'
import { type FrontierPoint, faultOf } from './frontier-point.ts'
import { type LackOfFit, lackOfFit } from './lack-of-fit.ts'
import { fitSaturation, type LogPoint } from './saturation.ts'

export interface Frontier {
  /** S_min: the fewest steps, at a batch size without end. 0 where the data look like perfect scaling throughout. */
  readonly minSteps: Estimate
  /** E_min: the fewest examples, at a batch size of next to nothing. 0 where steps do not seem to depend on the batch size. */
  readonly minExamples: Estimate
  /** B_crit = E_min / S_min. Infinite or 0 in those cases: it lies beyond the one or the other end of the batch sizes. */
  readonly criticalBatch: Estimate
  /** Standard deviation of a run's log steps about the curve: for small ones the relative error of a run. */
  readonly noise: number
  readonly lackOfFit: LackOfFit
  /** By batch size. The intervals are those of the curve, not of a further run. */
  readonly curve: readonly FrontierCurvePoint[]
  readonly reached: number
  readonly missed: number
}

export interface FrontierCurvePoint {
  readonly batchSize: number
  readonly steps: Estimate
  readonly examples: Estimate
}

/** Where no noise is left, there is nothing to tell it from the curve by. */
const FEWEST_REACHED = 3

/**
 * The trade-off between steps and examples, S = S_min (1 + B_crit / B), which is (S / S_min - 1)(E / E_min - 1) = 1 with
 * E = B S (McCandlish et al., arXiv 1812.06162), fitted to runs in log steps. A run that has not reached the goal
 * says that it takes more steps than were tried: it is censored there, not left out, as leaving out the slow ones would make
 * their batch size look good.
 *
 * Intervals are from the profile likelihood (`fitSaturation`). They hold for runs whose log steps spread alike and normally
 * about a hyperbola, and cover 95 % where it bends within the sweep. Where the bend may lie beyond an end of the sweep, those
 * of the quantities that then cannot be seen are infinite or 0 on that side, and cover up to 97.5 %.
 * @param points one or several for a batch size, say of seeds
 * @param at batch sizes of `curve`. Default: those of the points
 */
export function fitFrontier(points: readonly FrontierPoint[], at?: readonly number[]): Finding<Frontier> {
  const fault = points.map(faultOf).find((each) => each !== undefined)
  if (fault !== undefined) return unknown(fault)
  const reached = points.filter(({ steps }) => Number.isFinite(steps))
  const sizes = new Set(reached.map(({ batchSize }) => batchSize))
  if (reached.length === 0) return unknown(points.length === 0 ? 'There are no runs.' : 'No run reached the goal.')
  if (sizes.size === 1)
    return unknown(`The goal was reached at batch size ${reached[0]?.batchSize} only, so no dependence on it is seen.`)
  if (reached.length < FEWEST_REACHED)
    return unknown('Two runs reached the goal: a curve goes through them whatever the noise.')

  const fit = fitSaturation(points.map(logPoint))
  const batchSizes = at ?? [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  return known({
    minSteps: mapEstimate(fit.level, Math.exp),
    minExamples: mapEstimate(fit.line, Math.exp),
    criticalBatch: mapEstimate(fit.half, Math.exp),
    noise: fit.noise,
    lackOfFit: lackOfFit(reached.length === points.length ? fit : undefined, points.map(logPoint)),
    curve: batchSizes.map((batchSize) => {
      const steps = mapEstimate(fit.at(Math.log(batchSize)), Math.exp)
      return { batchSize, steps, examples: mapEstimate(steps, (each) => batchSize * each) }
    }),
    reached: reached.length,
    missed: points.length - reached.length,
  })
}

function logPoint({ batchSize, steps, budget = 0 }: FrontierPoint): LogPoint {
  const isCensored = steps === Number.POSITIVE_INFINITY
  return { x: Math.log(batchSize), y: Math.log(isCensored ? budget : steps), isCensored }
}
