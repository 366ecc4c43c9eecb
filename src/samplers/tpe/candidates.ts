import type { Random } from '../../numerics/random.ts'
import type { GoodMixture } from './good.ts'
import { logDensity, type Mixture } from './mixture.ts'
import { sampleMixture } from './sample.ts'

/** Draws for each candidate until the search for one that may be suggested is given up. */
const DRAWS = 8

/**
 * Points drawn from the good density, the most promising first: those with the largest ratio of the good density to the bad
 * one, which the expected improvement grows with (Bergstra et al. 2011, equation 18).
 * @param may whether a point may be suggested; draws that may not are repeated, so that there can be fewer than `count`
 */
export function candidatesOf(
  good: GoodMixture,
  bad: Mixture,
  count: number,
  may: (point: Float64Array) => boolean,
  random: Random,
): Float64Array[] {
  const found: { readonly point: Float64Array; readonly ratio: number }[] = []
  for (let draw = 0; found.length < count && draw < DRAWS * count; draw++) {
    const point = sampleMixture(good, random)
    if (may(point)) found.push({ point, ratio: logDensity(good, point) - logDensity(bad, point) })
  }
  return found.sort((a, b) => b.ratio - a.ratio).map(({ point }) => point)
}
