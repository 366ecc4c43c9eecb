import { type CensoredSample, censoredSample } from '../../numerics/censored-normal.ts'
import { goldenSection } from '../../numerics/golden-section.ts'
import { findRoot } from '../../numerics/root.ts'
import { studentQuantile } from '../../numerics/student-t.ts'
import type { Estimate } from '../finding.ts'

/** A point in logarithms. */
export interface LogPoint {
  /** log of the batch size. */
  readonly x: number
  /** log of what is fitted, or of what it is known to be above. */
  readonly y: number
  readonly isCensored: boolean
}

/**
 * y = level + log(1 + e^(half - x)) fitted to points: falls as `line` - x far below `half`, is flat far above it, where it comes
 * to `level`; the two lines meet at `half`.
 */
export interface Saturation {
  /** -Infinity where a falling line fits best; so is the low end where one is allowed. */
  readonly level: Estimate
  /** level + half; -Infinity where a flat line fits best. */
  readonly line: Estimate
  /** -Infinity where a flat line fits best, Infinity where a falling one does; so are the ends where those are allowed. */
  readonly half: Estimate
  /** Standard deviation of the points about the curve, corrected for what was fitted. */
  readonly noise: number
  /** y of the curve at a place. */
  valueAt(x: number): number
  /** The same with its interval. */
  at(x: number): Estimate
}

/** So far beyond the points, in log, the curve is the same as its limit to nine digits. */
const FAR = 21
const GRID_STEP = 0.5
/** Places of an interval at which it is looked for extremes. */
const LOOKS = 16

/** log(1 + e^z). */
export function softplus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))
}

/**
 * Maximum likelihood for normal noise, with right-censored points (Tobit), and intervals from the profile likelihood: all
 * values at which twice the log-likelihood is within n log(1 + t² / (n - 2)) of the largest, n being the points that are not
 * censored. For a straight line without censoring that is exactly Student's interval; χ² in its place would be too narrow by
 * far where points are few. Both limits, flat and falling, belong to the parameters, so that an interval is infinite on a side
 * where the data do not tell the curve from a line.
 * @param points at least three that are not censored, at two places x or more
 */
export function fitSaturation(points: readonly LogPoint[]): Saturation {
  const known = points.filter(({ isCensored }) => !isCensored)
  const censored = points.filter(({ isCensored }) => isCensored)
  const values = new Float64Array(known.length)
  const limits = new Float64Array(censored.length)

  function sampleAt(half: number): CensoredSample {
    known.forEach(({ x, y }, i) => {
      values[i] = y - softplus(half - x)
    })
    censored.forEach(({ x, y }, i) => {
      limits[i] = y - softplus(half - x)
    })
    return censoredSample(values, limits)
  }

  const lossAt = (half: number) => -sampleAt(half).fit().logLikelihood

  const places = points.map(({ x }) => x)
  const [lowest, highest] = [Math.min(...places) - FAR, Math.max(...places) + FAR]
  const steps = Math.ceil((highest - lowest) / GRID_STEP)
  const grid = Array.from({ length: steps + 1 }, (_, i) => lowest + ((highest - lowest) * i) / steps)
  const losses = grid.map(lossAt)
  const least = losses.indexOf(Math.min(...losses))
  const [from, to] = [grid[least - 1] ?? lowest, grid[least + 1] ?? highest]
  const inner = least === 0 || least === steps ? (grid[least] ?? 0) : goldenSection(lossAt, from, to)
  const { mean: level, deviation, logLikelihood } = sampleAt(inner).fit()
  const degrees = known.length - 2
  const allowed = -logLikelihood + (known.length / 2) * Math.log1p(studentQuantile(degrees, 0.95) ** 2 / degrees)

  // The outermost places that are allowed, the limits standing at the ends of the grid.
  const excess = (half: number) => lossAt(half) - allowed
  const looked = [...grid.map((half, i) => ({ half, loss: losses[i] ?? 0 })), { half: inner, loss: -logLikelihood }]
  const tried = looked.sort((a, b) => a.half - b.half)
  const first = tried.findIndex(({ loss }) => loss <= allowed)
  const last = tried.findLastIndex(({ loss }) => loss <= allowed)
  const between = (i: number) => findRoot(excess, tried[i]?.half ?? inner, tried[i + 1]?.half ?? inner)
  const low = first === 0 ? lowest : between(first - 1)
  const high = last === tried.length - 1 ? highest : between(last)

  const ranges = new Map<number, readonly [number, number]>()
  /** The levels that are allowed where `half` is known. */
  function levelsAt(half: number): readonly [number, number] {
    const found = ranges.get(half)
    if (found) return found
    const here = sampleAt(half)
    const { mean, deviation: width } = here.fit()
    const over = (level: number) => -here.at(level) - allowed
    const range: readonly [number, number] =
      over(mean) >= 0 ? [mean, mean] : [edge(over, mean, -width), edge(over, mean, width)]
    ranges.set(half, range)
    return range
  }

  /** level + of(half). */
  function estimate(of: (half: number) => number): Estimate {
    return {
      value: level + of(inner),
      low: extreme((half) => levelsAt(half)[0] + of(half), low, high),
      high: -extreme((half) => -levelsAt(half)[1] - of(half), low, high),
    }
  }

  const [isFlat, isFalling] = [least === 0, least === steps]
  const [mayBeFlat, mayBeFalling] = [low === lowest, high === highest]
  const none = Number.NEGATIVE_INFINITY
  const replaced = (found: Estimate, isNone: boolean, mayBeNone: boolean): Estimate => ({
    value: isNone ? none : found.value,
    low: mayBeNone ? none : found.low,
    high: found.high,
  })
  return {
    level: replaced(
      estimate(() => 0),
      isFalling,
      mayBeFalling,
    ),
    line: replaced(
      estimate((half) => half),
      isFlat,
      mayBeFlat,
    ),
    half: {
      value: isFlat ? none : isFalling ? -none : inner,
      low: mayBeFlat ? none : low,
      high: mayBeFalling ? -none : high,
    },
    noise: deviation * Math.sqrt(known.length / degrees),
    valueAt: (x) => level + softplus(inner - x),
    at: (x) => estimate((half) => softplus(half - x)),
  }
}

/** Where a function that is below 0 at `from` and grows from there comes to 0, in the direction of `width`. */
function edge(of: (x: number) => number, from: number, width: number): number {
  let reach = width
  while (of(from + reach) < 0) reach *= 2
  return findRoot(of, from, from + reach, 1e-8 * Math.abs(reach))
}

/** The least value of a function that has one minimum between `low` and `high`. */
function extreme(of: (x: number) => number, low: number, high: number): number {
  const places = Array.from({ length: LOOKS + 1 }, (_, i) => low + ((high - low) * i) / LOOKS)
  const values = places.map(of)
  const least = values.indexOf(Math.min(...values))
  const inside = goldenSection(of, places[least - 1] ?? low, places[least + 1] ?? high, 0.03)
  return Math.min(of(inside), values[least] ?? Number.POSITIVE_INFINITY)
}
