import { normalQuantile } from './normal.ts'

/**
 * The interval for a probability after `hits` of `tries`: the probabilities from which the share seen is no further than the
 * normal quantile of the level (Wilson, J. Am. Stat. Assoc. 22, 1927). [0, 1] without a try.
 * @param level in (0, 1). Default: 0.95
 */
export function wilsonInterval(hits: number, tries: number, level = 0.95): [number, number] {
  if (tries === 0) return [0, 1]
  const z = normalQuantile((1 + level) / 2)
  const share = hits / tries
  const centre = share + (z * z) / (2 * tries)
  const reach = z * Math.sqrt((share * (1 - share)) / tries + (z * z) / (4 * tries * tries))
  const whole = 1 + (z * z) / tries
  // At the ends the two are equal but for rounding.
  return [hits === 0 ? 0 : (centre - reach) / whole, hits === tries ? 1 : (centre + reach) / whole]
}
