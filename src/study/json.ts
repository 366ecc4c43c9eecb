/**
 * JSON that keeps every number: what the format would change, NaN and the infinities to null and -0 to 0, is written as
 * text. `numbersFromText` turns it back, where numbers are known to be meant.
 */
export function toJson(value: unknown, indent?: number): string {
  const replace = (_key: string, inner: unknown) =>
    typeof inner === 'number' && isAltered(inner) ? numberText(inner) : inner
  return JSON.stringify(value, replace, indent)
}

function isAltered(number: number): boolean {
  return !Number.isFinite(number) || Object.is(number, -0)
}

function numberText(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number)
}

/** Metrics as `toJson` wrote them and `JSON.parse` read them. */
export function numbersFromText(metrics: { readonly [name: string]: number | string }): {
  readonly [name: string]: number
} {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]))
}

export function metricsFromJson(text: string): { readonly [name: string]: number } {
  return numbersFromText(JSON.parse(text))
}
