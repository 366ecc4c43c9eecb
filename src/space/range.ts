import type { FloatDomain, IntDomain } from './domain.ts'

type Range = FloatDomain | IntDomain

/** The number of values of a range: infinite for a float without a step. */
export function rangeSize(range: Range): number {
  const step = gridStep(range)
  if (step !== undefined) return gridIndex(range, step, range.high) + 1
  return range.type === 'int' ? range.high - range.low + 1 : Number.POSITIVE_INFINITY
}

/** The value at `index` (0 … size-1) of a finite range, in ascending order. */
export function rangeAt(range: Range, index: number): number {
  const step = gridStep(range) ?? 1
  return range.scale === 'log' && range.step !== undefined
    ? tidy(range.low * step ** index)
    : tidy(range.low + step * index)
}

/**
 * The value at position `u` in [0, 1]. Finite ranges give each value a cell of equal width along their scale; integers on
 * a log scale get cells that reach half a step to either side, so that the end values are not rare.
 */
export function rangeFromUnit(range: Range, u: number): number {
  if (isCellular(range)) {
    const size = rangeSize(range)
    return rangeAt(range, Math.min(size - 1, Math.floor(u * size)))
  }
  const [from, to] = bounds(range)
  const value = fromScale(range, from + u * (to - from))
  return clamp(range.type === 'int' ? Math.round(value) : value, range)
}

/** The position of a value in [0, 1]: the exact one for a continuous range, the middle of its cell for a finite one. */
export function rangeToUnit(range: Range, value: number): number {
  if (isCellular(range)) return (gridIndex(range, gridStep(range) ?? 1, value) + 0.5) / rangeSize(range)
  const [from, to] = bounds(range)
  return Math.min(1, Math.max(0, (toScale(range, value) - from) / (to - from)))
}

/** Whether a number is one of the range's values; grid values are compared within a relative 1e-9. */
export function rangeContains(range: Range, value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= range.low && value <= range.high)) return false
  if (range.type === 'int' && !Number.isInteger(value)) return false
  const step = gridStep(range)
  if (step === undefined) return true
  const nearest = rangeAt(range, gridIndex(range, step, value))
  return Math.abs(value - nearest) <= 1e-9 * Math.max(Math.abs(value), Math.abs(nearest), step)
}

function gridStep(range: Range): number | undefined {
  return range.step ?? (range.type === 'int' && range.scale === 'linear' ? 1 : undefined)
}

function isCellular(range: Range): boolean {
  return gridStep(range) !== undefined
}

/** The index of the largest grid value that does not pass `value`; half a millionth of a step is forgiven. */
function gridIndex(range: Range, step: number, value: number): number {
  const steps =
    range.scale === 'log' && range.step !== undefined
      ? Math.log(value / range.low) / Math.log(step)
      : (value - range.low) / step
  const nearest = Math.round(steps)
  return Math.abs(steps - nearest) < 5e-7 ? nearest : Math.floor(steps)
}

function bounds(range: Range): [number, number] {
  const margin = range.type === 'int' ? 0.5 : 0
  return [toScale(range, range.low - margin), toScale(range, range.high + margin)]
}

function toScale(range: Range, value: number): number {
  if (range.scale === 'log') return Math.log(value)
  if (range.scale === 'reverseLog') return -Math.log(1 - value)
  return value
}

function fromScale(range: Range, position: number): number {
  if (range.scale === 'log') return Math.exp(position)
  if (range.scale === 'reverseLog') return 1 - Math.exp(-position)
  return position
}

function clamp(value: number, range: Range): number {
  return Math.min(range.high, Math.max(range.low, value))
}

/** Drops the noise that repeated addition leaves behind (0.30000000000000004), keeping 14 digits. */
function tidy(value: number): number {
  return Number(value.toPrecision(14))
}
