/**
 * JSON that keeps NaN and the infinities, which the format itself would turn into null: they are written as the strings
 * `NaN`, `Infinity` and `-Infinity`. `numbersFromText` turns exactly these back, where numbers are known to be meant.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  )
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
