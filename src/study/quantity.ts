const SECONDS = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 } as const
const BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const

/** Seconds, from a number of seconds or text such as `90`, `30s`, `15m`, `2h`; undefined when it is neither. */
export function parseSeconds(input: number | string): number | undefined {
  return parse(input, SECONDS)
}

/** Bytes, from a number of bytes or text such as `512MiB`, `2GB`; undefined when it is neither. */
export function parseBytes(input: number | string): number | undefined {
  return parse(input, BYTES)
}

function parse(input: number | string, units: Readonly<Record<string, number>>): number | undefined {
  if (typeof input === 'number') return input > 0 && Number.isFinite(input) ? input : undefined
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(input)
  if (!match) return undefined
  const [, digits, unit] = match
  const factor = unit ? units[unit] : 1
  const value = Number(digits) * (factor ?? Number.NaN)
  return value > 0 ? value : undefined
}
