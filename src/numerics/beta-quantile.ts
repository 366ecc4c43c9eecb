import { incompleteBeta } from './incomplete-beta.ts'
import { findRoot } from './root.ts'

/**
 * The number that a beta-distributed one is at most with probability `p`, to 12 digits after the point.
 * @param a positive
 * @param b positive
 */
export function betaQuantile(p: number, a: number, b: number): number {
  return findRoot((x) => incompleteBeta(a, b, x) - p, 0, 1)
}
