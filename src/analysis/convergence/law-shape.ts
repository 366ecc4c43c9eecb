/** The form of a law of decay. */
export type LawFamily = 'power' | 'exponential'

/**
 * The decay f of a + b f at each place, 1 at the first of them.
 * @param places steps over the last one, ascending, above 0
 */
export function shapeOf(family: LawFamily, rate: number, places: Float64Array): Float64Array {
  const first = places[0] ?? 1
  return places.map((place) => (family === 'power' ? (place / first) ** -rate : Math.exp(-rate * (place - first))))
}

/**
 * Between which rates a law is looked for: below the least it is a line, or a logarithm, in all but name; above the largest
 * the decay is over by the second point, to ten digits.
 */
export function ratesOf(family: LawFamily, places: Float64Array): { readonly least: number; readonly most: number } {
  const [first = 1, second = 1] = places
  return family === 'power'
    ? { least: 0.02, most: 23 / Math.log(second / first) }
    : { least: 0.05, most: 23 / (second - first) }
}
