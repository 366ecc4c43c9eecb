import type { Estimate } from '../analysis/finding.ts'
import { formatNumber } from './format.ts'

/** Three digits: more than an interval of a few per cent deserves. */
export function formatShort(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '∞'
  const rounded = Number(value.toPrecision(3))
  return Math.abs(rounded) >= 1e4 && Math.abs(rounded) < 1e15 ? rounded.toLocaleString('en-US') : formatNumber(rounded)
}

/** A number with its interval: `110 (86–141)`; `more than 86` where it has no upper end, `less than 141` where it may be nothing. */
export function formatEstimate({ value, low, high }: Estimate): string {
  if (low <= 0 && high === Number.POSITIVE_INFINITY) return 'unknown'
  if (high === Number.POSITIVE_INFINITY) return `more than ${formatShort(low)}`
  if (low <= 0) return `less than ${formatShort(high)}`
  return `${formatShort(value)} (${formatShort(low)}–${formatShort(high)})`
}
