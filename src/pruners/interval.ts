import type { Curve } from './curve.ts'

/**
 * Whether the last report of a curve is the first one in its interval, where intervals of so many steps begin at `from`: a
 * rule that looks once an interval then looks at the same places however often a trial reports.
 */
export function opensInterval(curve: Curve, length: number, from: number): boolean {
  const step = curve.at(-1)?.step ?? 0
  const before = curve.at(-2)?.step ?? Number.NEGATIVE_INFINITY
  return before < Math.floor((step - from) / length) * length + from
}
