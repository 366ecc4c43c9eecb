import { incompleteBeta } from './incomplete-beta.ts'

/**
 * The probability that a ratio of two mean squares exceeds `ratio` where both estimate the same variance: the upper tail of
 * the F distribution, with full relative accuracy however small it is.
 * @param ratio from 0
 * @param above degrees of freedom of the numerator
 * @param below of the denominator
 */
export function fTail(ratio: number, above: number, below: number): number {
  if (ratio === Number.POSITIVE_INFINITY) return 0
  return incompleteBeta(below / 2, above / 2, below / (below + above * ratio))
}
