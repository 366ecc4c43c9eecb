import type { Random } from '../numerics/random.ts'

/** The largest double below one. */
const BELOW_ONE = 1 - 2 ** -53

/**
 * The radical inverse with every digit sent through a random permutation of its own, one for each place, zeros behind the
 * last digit included (Owen, "A randomized Halton algorithm in R", arXiv:1706.02808). Each point alone is uniform in
 * [0, 1), and points keep their spread: b^k in a row still fall into the b^k equal intervals once each.
 * @param base integer from 2
 * @returns the function of an index from 0; its permutations are drawn once, here
 */
export function scrambledRadicalInverse(base: number, { permutation }: Random): (index: number) => number {
  // As many places as fill the 53 bits of a double.
  const places = Math.ceil(53 / Math.log2(base))
  // What a digit at a place adds: its permuted value times base^-(place + 1).
  const terms = new Float64Array(places * base)
  // What the zeros from a place on add, permuted.
  const zeros = new Float64Array(places + 1)
  for (let place = 0; place < places; place++) {
    terms.set(
      permutation(base).map((digit) => digit * base ** -(place + 1)),
      place * base,
    )
  }
  for (let place = places - 1; place >= 0; place--) zeros[place] = at(zeros, place + 1) + at(terms, place * base)

  return (index) => {
    let sum = 0
    let place = 0
    for (let rest = index; rest > 0 && place < places; place++) {
      const next = Math.floor(rest / base)
      sum += at(terms, place * base + rest - next * base)
      rest = next
    }
    return Math.min(BELOW_ONE, sum + at(zeros, place))
  }
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0
}
