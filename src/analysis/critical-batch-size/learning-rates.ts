import { studentQuantile } from '../../numerics/student-t.ts'
import { isAmount } from '../amount.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { mapEstimate } from '../map-estimate.ts'
import { fitSaturation } from './saturation.ts'

/** The learning rate that was best at a batch size. */
export interface TunedRate {
  readonly batchSize: number
  readonly rate: number
}

/** How the best learning rate goes with the batch size: not at all, with its root, in proportion, or so up to a noise scale. */
export type RateRuleName = 'constant' | 'square root' | 'linear' | 'saturating'

export interface RateRule {
  readonly name: RateRuleName
  /** Of the log rates about the rule: root mean square. */
  readonly error: number
  /** Akaike's information criterion, corrected for few points, above that of the best rule. Infinite where points are too few for it. */
  readonly aicc: number
  /** Whether the rates could be about this rule: not excluded at 95 % by the one that is nearest to them. */
  readonly isPossible: boolean
  readonly curve: readonly { readonly batchSize: number; readonly rate: number }[]
}

export interface LearningRates {
  /** ε_max, the best rate of batches without end; infinite where rates grow in proportion throughout. */
  readonly maxRate: Estimate
  /** B_noise, at which it is half of that; infinite likewise, 0 where rates do not depend on the batch size. */
  readonly noiseBatch: Estimate
  /** Standard deviation of a log rate about the saturating rule. */
  readonly noise: number
  /** All four rules, the best first. */
  readonly rules: readonly RateRule[]
  /** The one rule that is possible; linear or constant also where saturating is, which then means the same. */
  readonly preferred: Finding<RateRuleName>
}

/** Where the saturating rule has a criterion. */
const FEWEST_TO_JUDGE = 5
/** Variance of the error of rounding. */
const ROUNDING = 1e-18

const POWERS = [
  ['constant', 0],
  ['square root', 0.5],
  ['linear', 1],
] as const

/**
 * ε(B) = ε_max / (1 + B_noise / B) (McCandlish et al., arXiv 1812.06162) fitted to log rates, beside rules that are
 * powers of the batch size, each with a factor of its own; no rule holds for all workloads (Shallue et al., arXiv
 * 1811.03600). The intervals are those of `fitSaturation`: 1 / ε falls as steps do.
 *
 * Akaike's criterion orders the rules, but does not exclude any: over a few points its correction weighs so much against the
 * third parameter that rates that saturate would pass for a square root. What is excluded is what a likelihood ratio excludes.
 * @param at batch sizes of the curves. Default: those of the points
 */
export function fitLearningRates(points: readonly TunedRate[], at?: readonly number[]): Finding<LearningRates> {
  const wrong = points.find(({ batchSize, rate }) => !(isAmount(batchSize) && isAmount(rate)))
  if (wrong) return unknown(`At batch size ${wrong.batchSize} the learning rate is ${wrong.rate}.`)
  const found = [...new Set(points.map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  if (found.length < 2) return unknown('It takes learning rates of two batch sizes.')
  if (points.length < 3) return unknown('A curve goes through two learning rates whatever the noise.')

  const logs = points.map(({ batchSize, rate }) => ({ x: Math.log(batchSize), y: Math.log(rate) }))
  const fit = fitSaturation(logs.map(({ x, y }) => ({ x, y: -y, isCensored: false })))
  const candidates = POWERS.map(([name, power]) => {
    const factor = logs.reduce((sum, { x, y }) => sum + (y - power * x) / logs.length, 0)
    return { name, parameters: 2, of: (x: number) => factor + power * x }
  })
  const rules = [...candidates, { name: 'saturating' as const, parameters: 3, of: (x: number) => -fit.valueAt(x) }].map(
    ({ of, ...rest }) => {
      const variance = logs.reduce((sum, { x, y }) => sum + (y - of(x)) ** 2 / logs.length, 0) + ROUNDING
      const curve = (at ?? found).map((batchSize) => ({ batchSize, rate: Math.exp(of(Math.log(batchSize))) }))
      return { ...rest, variance, curve, criterion: criterion(logs.length, variance, rest.parameters) }
    },
  )
  const nearest = Math.min(...rules.map(({ variance }) => variance))
  const least = Math.min(...rules.map(({ criterion }) => criterion))
  const degrees = logs.length - 2
  const most = nearest * (1 + studentQuantile(degrees, 0.95) ** 2 / degrees)
  const judged = rules
    .map(({ name, variance, criterion, curve }): RateRule => {
      const [error, aicc] = [Math.sqrt(variance), Number.isFinite(criterion) ? criterion - least : criterion]
      return { name, error, aicc, isPossible: variance <= most, curve }
    })
    .sort((a, b) => a.aicc - b.aicc)
  return known({
    maxRate: maxRateOf(fit.level),
    noiseBatch: mapEstimate(fit.half, Math.exp),
    noise: fit.noise,
    rules: judged,
    preferred: prefer(judged, points.length),
  })
}

function criterion(count: number, variance: number, parameters: number): number {
  const spare = count - parameters - 1
  if (spare <= 0) return Number.POSITIVE_INFINITY
  return count * Math.log(variance) + 2 * parameters + (2 * parameters * (parameters + 1)) / spare
}

function prefer(rules: readonly RateRule[], count: number): Finding<RateRuleName> {
  if (count < FEWEST_TO_JUDGE) return unknown(`It takes ${FEWEST_TO_JUDGE} learning rates to judge the rules.`)
  const possible = rules.filter(({ isPossible }) => isPossible).map(({ name }) => name)
  const simple = possible.filter((name) => name !== 'saturating')
  const told = simple.some((name) => name === 'linear' || name === 'constant') ? simple : possible
  const [only] = told
  if (only && told.length === 1) return known(only)
  return unknown(`The learning rates could follow several rules: ${possible.join(', ')}.`)
}

/** exp(-level): the ends change places. */
function maxRateOf({ value, low, high }: Estimate): Estimate {
  return { value: Math.exp(-value), low: Math.exp(-high), high: Math.exp(-low) }
}
