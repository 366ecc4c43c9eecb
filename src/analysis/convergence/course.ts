import type { Losses } from './curve.ts'
import { type Trend, trendOf } from './trend.ts'

/**
 * How a part of a curve goes, with 95 % confidence: `level` where it changes by less than a fiftieth of what the whole curve
 * gained, or where it has no trend and changes by less than twice its noise; `improving` and `worsening` where it has a trend;
 * undefined where the data cannot say, which of few or noisy points they cannot.
 */
export type Course = 'improving' | 'level' | 'worsening' | undefined

/** Of the gain, and of the noise (ours). */
const LEVEL = 0.02
const LEVEL_NOISE = 2
/** Of the losses: less than that is rounding. */
const LEVEL_ROUNDING = 1e-12

/** Below which changes a part of a curve counts as level. */
export interface Margins {
  /** Whatever its trend. */
  readonly gain: number
  /** Where it has none. */
  readonly noise: number
}

/** By what the whole curve gained from its first point to its best, and by the noise of its second half. */
export function marginsOf({ losses }: Losses): Margins {
  const best = losses.reduce((a, b) => Math.min(a, b))
  const size = losses.reduce((most, loss) => Math.max(most, Math.abs(loss)), Number.MIN_VALUE)
  return {
    gain: Math.max(LEVEL * ((losses[0] ?? 0) - best), LEVEL_ROUNDING * size),
    noise: LEVEL_NOISE * stepNoise(losses.subarray(losses.length >> 1)),
  }
}

/** The course of a part, and its trend. */
export function courseOf(part: Losses, margins: Margins): { readonly course: Course; readonly trend: Trend } {
  const trend = trendOf(part)
  const { low, high } = trend.change
  const isWithin = (margin: number) => low >= -margin && high <= margin
  const hasTrend = high < 0 || low > 0
  const isLevel = isWithin(margins.gain) || (!hasTrend && isWithin(margins.noise))
  return { trend, course: isLevel ? 'level' : high < 0 ? 'improving' : low > 0 ? 'worsening' : undefined }
}

/**
 * The standard deviation that noise without correlation would have, from the mean square of successive differences, which
 * hardly sees a slow course (von Neumann, Ann. Math. Stat. 12, 1941). 0 for fewer than two points.
 */
export function stepNoise(losses: Float64Array): number {
  let squares = 0
  for (let i = 1; i < losses.length; i++) squares += ((losses[i] ?? 0) - (losses[i - 1] ?? 0)) ** 2
  return Math.sqrt(squares / (2 * Math.max(1, losses.length - 1)))
}
