import type { FloatDomain, IntDomain } from './domain.ts'

type Range = FloatDomain | IntDomain

/** The number of values of a range: infinite for a float without a step. */
export function rangeSize(range: Range): number {
  const step = gridStep(range)
  // Half a millionth of a step is forgiven, or 0 … 0.3 in steps of 0.1 would end at 0.2.
  if (step !== undefined) return Math.floor(gridPosition(range, step, range.high) + 5e-7) + 1
  return range.type === 'int' ? range.high - range.low + 1 : Number.POSITIVE_INFINITY
}

/** The value at `index` (0 … size-1) of a finite range, in ascending order. */
export function rangeAt(range: Range, index: number): number {
  const step = gridStep(range) ?? 1
  const geometric = isGeometric(range)
  const value = geometric ? range.low * step ** index : range.low + step * index
  if (range.type === 'int') return Math.round(value)
  const magnitude = geometric ? value : Math.max(Math.abs(range.low), Math.abs(range.high))
  return clamp(tidy(value, magnitude, spacingAt(range, step, value)), range)
}

/**
 * The value at position `u` in [0, 1]. Finite ranges give each value a cell of equal width along their scale; integers on
 * a log scale get cells that reach half a step to either side, so that the end values are not rare.
 */
export function rangeFromUnit(range: Range, u: number): number {
  if (gridStep(range) !== undefined) {
    const size = rangeSize(range)
    return rangeAt(range, Math.min(size - 1, Math.floor(u * size)))
  }
  // exp(log(high)) need not be high: the ends are given as they were written.
  if (u <= 0) return range.low
  if (u >= 1) return range.high
  const [from, to] = bounds(range)
  const value = fromScale(range, from + u * (to - from))
  return clamp(range.type === 'int' ? Math.round(value) : value, range)
}

/** The position of a value in [0, 1]: the exact one for a continuous range, the middle of its cell for a finite one. */
export function rangeToUnit(range: Range, value: number): number {
  const step = gridStep(range)
  if (step !== undefined) return (nearestIndex(range, step, value) + 0.5) / rangeSize(range)
  const [from, to] = bounds(range)
  return Math.min(1, Math.max(0, (toScale(range, value) - from) / (to - from)))
}

/** Whether a number is one of the range's values; a millionth of a step off the grid is forgiven. */
export function rangeContains(range: Range, value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= range.low && value <= range.high)) return false
  if (range.type === 'int' && !Number.isInteger(value)) return false
  const step = gridStep(range)
  if (step === undefined) return true
  const nearest = rangeAt(range, nearestIndex(range, step, value))
  return Math.abs(value - nearest) <= 1e-6 * spacingAt(range, step, nearest)
}

function gridStep(range: Range): number | undefined {
  return range.step ?? (range.type === 'int' && range.scale === 'linear' ? 1 : undefined)
}

function isGeometric(range: Range): boolean {
  return range.scale === 'log' && range.step !== undefined
}

/** How many steps a value lies above `low`, as a real number. */
function gridPosition(range: Range, step: number, value: number): number {
  return isGeometric(range) ? Math.log(value / range.low) / Math.log(step) : (value - range.low) / step
}

function nearestIndex(range: Range, step: number, value: number): number {
  return Math.min(rangeSize(range) - 1, Math.round(gridPosition(range, step, value)))
}

/** The distance from a value to the next one of the grid. */
function spacingAt(range: Range, step: number, value: number): number {
  return isGeometric(range) ? value * (step - 1) : step
}

function bounds(range: Range): [number, number] {
  const margin = range.type === 'int' ? 0.5 : 0
  return [toScale(range, range.low - margin), toScale(range, range.high + margin)]
}

/** `log1p` and `expm1` keep the small values of a reverse-log range exact; 1 - x would round them to multiples of 1e-16. */
function toScale(range: Range, value: number): number {
  if (range.scale === 'log') return Math.log(value)
  if (range.scale === 'reverseLog') return -Math.log1p(-value)
  return value
}

function fromScale(range: Range, position: number): number {
  if (range.scale === 'log') return Math.exp(position)
  if (range.scale === 'reverseLog') return -Math.expm1(-position)
  return position
}

function clamp(value: number, range: Range): number {
  return Math.min(range.high, Math.max(range.low, value))
}

/**
 * Drops the noise that floating-point steps leave behind (0.30000000000000004, or 5e-17 for 0) beyond the 14th digit of
 * `magnitude`, unless the grid is so fine that those digits mean something.
 */
function tidy(value: number, magnitude: number, spacing: number): number {
  const decimals = 14 - Math.ceil(Math.log10(magnitude))
  const rounded = Number(decimals >= 0 && decimals <= 100 ? value.toFixed(decimals) : value.toPrecision(14))
  // Adding 0 turns -0 into 0.
  return Math.abs(rounded - value) < 1e-6 * spacing ? rounded + 0 : value
}
