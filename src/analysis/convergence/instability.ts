import { median, quantile } from '../../numerics/quantile.ts'
import type { Point } from './curve.ts'

/** A spike of a loss or a gradient norm. */
export interface InstabilityEvent {
  readonly step: number
  /** The largest value over what was usual before; infinite where the value is not a number any more. */
  readonly height: number
  /** Steps until the value is as usual again; infinite where it never is. */
  readonly recovery: number
}

/** What is usual: the median of as many points before. */
const BEFORE = 9
const LEAST_BEFORE = 4
/** Tukey's outer fence: of normal noise two points in a million lie beyond. */
const FENCE = 3
/** What is less than a tenth above the usual is no spike, however quiet the curve is (ours). */
const LEAST_HEIGHT = 1.1

/**
 * The spikes of a metric that is positive and better when small: points whose ratio to the median of the nine before lies
 * beyond the upper quartile of all those ratios by three times the distance of the quartiles, and what is not finite. Falling
 * curves have their ratios below 1, so that a spike is one against its own time.
 * @param points by ascending step; values of 0 or below are passed over
 */
export function instabilityEvents(points: readonly Point[]): InstabilityEvent[] {
  const curve = points.filter(({ value }) => !(value <= 0))
  const heights = curve.map(({ value }, i) => value / usualBefore(curve, i))
  const sorted = heights
    .filter(Number.isFinite)
    .map(Math.log)
    .sort((a, b) => a - b)
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)]
  const fence = Math.max(LEAST_HEIGHT, Math.exp(upper + FENCE * (upper - lower)))
  const events: InstabilityEvent[] = []
  for (let i = 0; i < curve.length; i++) {
    const value = curve[i]?.value ?? 0
    if (Number.isFinite(value) && !((heights[i] ?? 0) > fence)) continue
    const usual = usualBefore(curve, i)
    const over = curve.findIndex((point, k) => k > i && point.value / (usual || point.value) <= fence)
    const end = over === -1 ? curve.length : over
    const largest = curve.slice(i, end).reduce((most, point) => Math.max(most, sizeOf(point.value)), 0)
    const [from, to] = [curve[i]?.step ?? 0, curve[end]?.step ?? Number.POSITIVE_INFINITY]
    events.push({ step: from, height: Number.isFinite(largest) ? largest / usual : largest, recovery: to - from })
    i = end - 1
  }
  return events
}

/** NaN where too few points have come before. */
function usualBefore(curve: readonly Point[], index: number): number {
  const before = curve.slice(Math.max(0, index - BEFORE), index).filter(({ value }) => Number.isFinite(value))
  return before.length < LEAST_BEFORE ? Number.NaN : median(before.map(({ value }) => value))
}

function sizeOf(value: number): number {
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY
}
