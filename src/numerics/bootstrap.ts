import { createRandom, type Random } from './random.ts'

export interface BootstrapOptions {
  /** Default: 0. */
  readonly seed?: number
  /** Default: 2000. */
  readonly repeats?: number
  /** Default: 0.95. */
  readonly level?: number
}

/**
 * The percentile interval of a statistic (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): of what it
 * is when the data are drawn again. Infinite values are allowed, NaN is not.
 * @param draw the statistic of data drawn anew, say by `resample`
 */
export function bootstrapInterval(
  draw: (random: Random) => number,
  { seed = 0, repeats = 2000, level = 0.95 }: BootstrapOptions = {},
): [low: number, high: number] {
  const random = createRandom(seed, 0, 'bootstrap')
  const values = Float64Array.from({ length: repeats }, () => draw(random)).sort()
  const outside = Math.floor(((1 - level) / 2) * repeats)
  return [values[outside] ?? Number.NaN, values[repeats - 1 - outside] ?? Number.NaN]
}

/** As many items as there are, each drawn from all. */
export function resample<T>(items: readonly T[], random: Random): T[] {
  return items.map((item) => items[random.int(items.length)] ?? item)
}
