import { studentQuantile } from '../../numerics/student-t.ts'
import type { Estimate } from '../finding.ts'
import {
  CORRELATIONS,
  type CorrelatedLine,
  correlationsOf,
  fitCorrelatedLine,
  gapsOf,
  restrictedDeviance,
} from './correlated-line.ts'
import { type LawFamily, ratesOf, shapeOf } from './law-shape.ts'

/** A law of one family fitted to a curve whose steps are given as shares of the last one. */
export interface LawFit {
  readonly family: LawFamily
  readonly rate: number
  readonly line: CorrelatedLine
  /** Of the noise of neighbours. */
  readonly correlation: number
  /** Standard deviation of a point about the law. */
  readonly noise: number
}

/** The intervals of a fit. An end of the rate is 0 or infinite where the data do not bound it. */
export interface LawIntervals {
  readonly rate: Estimate
  readonly limit: Estimate
}

const GRID = 48
const GOLDEN = (Math.sqrt(5) - 1) / 2
/** A limit, a height, a rate and a correlation are fitted. */
const FITTED = 4

/** Undefined where the losses are constant. */
export function fitLaw(family: LawFamily, places: Float64Array, losses: Float64Array): LawFit | undefined {
  const gaps = gapsOf(places)
  const grid = gridOf(family, places)
  const fits = CORRELATIONS.flatMap((correlation) => {
    const lineAt = linesOf(family, places, losses, correlationsOf(gaps, correlation))
    const lines = grid.flatMap((rate) => lineAt(rate) ?? [])
    if (lines.length === 0) return []
    const line = lines.reduce((a, b) => (b.squares < a.squares ? b : a))
    return [{ correlation, deviance: restrictedDeviance(line, losses.length - 3) }]
  })
  if (fits.length === 0) return undefined
  const correlation = meanCorrelation(fits)
  const lineAt = linesOf(family, places, losses, correlationsOf(gaps, correlation))
  const rate = leastRate(grid, (each) => lineAt(each)?.squares ?? Number.POSITIVE_INFINITY)
  const line = lineAt(rate)
  return line && { family, rate, line, correlation, noise: Math.sqrt(line.squares / (losses.length - FITTED)) }
}

/**
 * 95 % intervals by profile likelihood: what a rate, or a limit, costs in squares when all else is fitted anew, against what
 * Student's t allows (Bates and Watts, "Nonlinear regression analysis", 1988, section 6.1.2).
 */
export function intervalsOf(fit: LawFit, places: Float64Array, losses: Float64Array): LawIntervals {
  const { family, rate, line } = fit
  const lineAt = linesOf(family, places, losses, correlationsOf(gapsOf(places), fit.correlation))
  const degrees = losses.length - FITTED
  const allowed = line.squares * (1 + studentQuantile(degrees, 0.95) ** 2 / degrees)
  const costs = (each: number) => lineAt(each)?.squares ?? Number.POSITIVE_INFINITY
  const grid = gridOf(family, places)
  const [least = 0, most = 0] = [grid[0], grid.at(-1)]
  const low = costs(least) <= allowed ? least : crossing(rate, least, (each) => costs(each) <= allowed)
  const high = costs(most) <= allowed ? most : crossing(rate, most, (each) => costs(each) <= allowed)
  const limits = [rate, ...geometric(low, high, GRID)].flatMap((each) => {
    const at = lineAt(each)
    const width = at && Math.sqrt(Math.max(0, allowed - at.squares) * at.levelVariance)
    return at && width !== undefined ? [at.level - width, at.level + width] : []
  })
  return {
    rate: { value: rate, low: low === least ? 0 : low, high: high === most ? Number.POSITIVE_INFINITY : high },
    limit: { value: line.level, low: Math.min(line.level, ...limits), high: Math.max(line.level, ...limits) },
  }
}

function linesOf(family: LawFamily, places: Float64Array, losses: Float64Array, correlations: Float64Array) {
  return (rate: number) => fitCorrelatedLine(shapeOf(family, rate, places), losses, correlations)
}

function gridOf(family: LawFamily, places: Float64Array): number[] {
  const { least, most } = ratesOf(family, places)
  return geometric(least, most, GRID)
}

function geometric(least: number, most: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => least * (most / least) ** (i / (count - 1)))
}

/** The mean over the correlations that the data allow: the likeliest alone leaves intervals too narrow. */
function meanCorrelation(fits: readonly { readonly correlation: number; readonly deviance: number }[]): number {
  const least = fits.reduce((a, b) => Math.min(a, b.deviance), Number.POSITIVE_INFINITY)
  // An exact fit has a likelihood without end, whatever the correlation.
  if (!Number.isFinite(least)) return 0
  let [sum, total] = [0, 0]
  for (const { correlation, deviance } of fits) {
    const weight = Math.exp((least - deviance) / 2)
    sum += weight * correlation
    total += weight
  }
  return sum / total
}

/** The best of the grid, then golden sections between its neighbours. */
function leastRate(grid: readonly number[], costs: (rate: number) => number): number {
  const all = grid.map(costs)
  const best = all.reduce((a, cost, i) => (cost < (all[a] ?? cost) ? i : a), 0)
  let low = Math.log(grid[Math.max(0, best - 1)] ?? 1)
  let high = Math.log(grid[Math.min(grid.length - 1, best + 1)] ?? 1)
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [atLeft, atRight] = [costs(Math.exp(left)), costs(Math.exp(right))]
  for (let i = 0; i < 50; i++) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - GOLDEN * (high - low)
      atLeft = costs(Math.exp(left))
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + GOLDEN * (high - low)
      atRight = costs(Math.exp(right))
    }
  }
  const rate = Math.exp((low + high) / 2)
  return costs(rate) <= (all[best] ?? Number.POSITIVE_INFINITY) ? rate : (grid[best] ?? rate)
}

/** Where, on the way from a rate that is allowed to one that is not, the border is. */
function crossing(from: number, to: number, isAllowed: (rate: number) => boolean): number {
  let [inside, outside] = [Math.log(from), Math.log(to)]
  for (let i = 0; i < 40; i++) {
    const middle = (inside + outside) / 2
    if (isAllowed(Math.exp(middle))) inside = middle
    else outside = middle
  }
  return Math.exp(outside)
}
