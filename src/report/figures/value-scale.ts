import type { Goal } from '../../study/view.ts'
import { drawable, LARGEST, round } from '../format.ts'
import type { ReportInput } from '../input.ts'

/** The axis of the study's metric. */
export interface ValueScale {
  readonly type: 'linear' | 'log'
  readonly domain: readonly [number, number]
  /** Whether a value lies beyond the axis, on its bad side. */
  beyond(value: number): boolean
  /** The value, or the end of the axis where it lies beyond. */
  clamp(value: number): number
  /** The bad end of the axis, where values lie beyond it. */
  readonly limit?: number
}

/** How much room the worst quarter may take, measured by the room of the better three. */
const STRETCH = { linear: 4, log: 1 }
/** From this ratio of the third quartile to the best, a logarithmic axis shows more. */
const DECADES = 20
const MARGIN = 0.05
/** Room to see that a curve leaves the axis, or for the marks of values beyond it. */
const CUT_MARGIN = 0.12

/** The axis for the values of a study's trials. */
export function trialScale({ ranked, goal }: Pick<ReportInput, 'ranked' | 'goal'>): ValueScale {
  return valueScale(
    ranked.map(({ value }) => drawable(value)),
    goal,
  )
}

/**
 * An axis that holds all values, but that a few very bad ones cannot stretch until the others are one flat line. `extremes`
 * decide how far it reaches to the bad side: the values themselves, or the worst of each curve.
 */
export function valueScale(values: readonly number[], goal: Goal, extremes = values): ValueScale {
  const sign = goal === 'minimize' ? 1 : -1
  const best = sign * orZero(values).reduce((least, value) => Math.min(least, sign * value), Number.POSITIVE_INFINITY)
  const worst = orZero(extremes)
    .map((value) => sign * value)
    .sort((a, b) => a - b)
  const isLog = goal === 'minimize' && best > 0 && quantile(worst, 0.75) / best >= DECADES
  const forth = isLog ? Math.log10 : (value: number) => sign * value
  const back = isLog ? (value: number) => 10 ** value : (value: number) => sign * value
  const good = forth(best)
  const bad = isLog ? worst.map(Math.log10) : worst
  const reach = good + (1 + STRETCH[isLog ? 'log' : 'linear']) * (spreadOf(bad, good) - good)
  const last = bad.findLast((value) => value <= reach) ?? good
  const width = last - good
  const margin = MARGIN * width || MARGIN * Math.abs(good) || 1
  const isFar = values.some((value) => forth(value) > reach)
  const end = finite(back(last + (isFar ? CUT_MARGIN * width || margin : margin)))
  const beyond = (value: number) => sign * value > sign * end
  const [low = 0, high = 1] = [finite(back(good - margin)), end].sort((a, b) => a - b)
  return {
    type: isLog ? 'log' : 'linear',
    domain: low < high ? [low, high] : [low - 1, high + 1],
    beyond,
    clamp: (value) => (beyond(value) ? end : value),
    ...(values.some(beyond) && { limit: round(end) }),
  }
}

/** The third quartile, or the next higher quantile where all below it equal the best. */
function spreadOf(sorted: readonly number[], best: number): number {
  for (const q of [0.75, 0.9, 0.95]) {
    const value = quantile(sorted, q)
    if (value > best) return value
  }
  return sorted.at(-1) ?? best
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.floor(q * (sorted.length - 1))] ?? 0
}

/** More digits than the values have, so that rounding the ends cannot push a value off the axis. */
function finite(value: number): number {
  return Number(Math.min(LARGEST, Math.max(-LARGEST, value)).toPrecision(9))
}

function orZero(values: readonly number[]): readonly number[] {
  return values.length > 0 ? values : [0]
}
