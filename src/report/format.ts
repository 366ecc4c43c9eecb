const DIGITS = 6
/** Far enough from the largest double that the width of a range cannot overflow. */
export const LARGEST = 1e300

/** A number rounded to 6 significant digits, as all that is drawn or shown: figures do not change with the last bits. */
export function round(value: number): number {
  return Number.isFinite(value) && !Number.isSafeInteger(value) ? Number(value.toPrecision(DIGITS)) : value
}

/** A finite number that scales can hold: rounded, and kept within ±1e300. */
export function drawable(value: number): number {
  return round(Math.min(LARGEST, Math.max(-LARGEST, value)))
}

/** A number for people: 6 significant digits, an exponent where plain digits would run long. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e6) return String(round(value))
  return round(value).toExponential().replace('e+', 'e')
}

/** Seconds for people: `0.25 s`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds < 1 ? Number(seconds.toPrecision(2)) : Number(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return pair(whole, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return pair(minutes, 60, 'h', 'min')
  return pair(Math.round(seconds / 3600), 24, 'd', 'h')
}

function pair(amount: number, size: number, unit: string, rest: string): string {
  const left = amount % size
  return `${Math.floor(amount / size)} ${unit}${left ? ` ${left} ${rest}` : ''}`
}

/** Ascending whole numbers, runs of three and more as ranges: `0–4, 7, 9, 10`. */
export function formatNumbers(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && number === last.to + 1) last.to = number
    else runs.push({ from: number, to: number })
  }
  return runs
    .map(({ from, to }) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}\u2013${to}`))
    .join(', ')
}

/** `1 trial`, `2 trials`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** Text on one line, without control characters and broken surrogates (not allowed in XML), cut at `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Noncharacter_Code_Point}]+/gu, ' ')
    .trim()
  const letters = [...clean]
  return letters.length <= limit ? clean : `${letters.slice(0, limit - 1).join('')}…`
}

/** Text on one line, cut in its middle: names in a study tend to differ at their ends. */
export function shortName(text: string, limit: number): string {
  const letters = [...oneLine(text, Number.POSITIVE_INFINITY)]
  if (letters.length <= limit) return letters.join('')
  const head = Math.ceil((limit - 1) / 2)
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (limit - 1 - head)).join('')}`
}
