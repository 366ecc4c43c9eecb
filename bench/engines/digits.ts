/** A number with three digits that count; nothing for one that there is not. */
export function digits(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return ''
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
