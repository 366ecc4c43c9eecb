import type { Belief, Fits } from './fit.ts'
import { EQUAL_SHARES, SHAPE_COUNT } from './shapes.ts'

/** A height may well be another by a quarter, however alike those of the finished curves are. */
const LEAST_SPREAD = 0.25

/**
 * Before any curve has finished.
 * @param noise mean square of a report about its curve, above 0
 */
export function noBelief(noise: number): Belief {
  return {
    shares: EQUAL_SHARES,
    heights: new Float64Array(SHAPE_COUNT),
    variances: new Float64Array(SHAPE_COUNT).fill(Number.POSITIVE_INFINITY),
    noises: new Float64Array(SHAPE_COUNT).fill(noise),
  }
}

/** Sums over finished curves: what a belief is made of. */
export interface Lessons {
  readonly count: number
  readonly shares: Float64Array
  readonly heights: Float64Array
  readonly squares: Float64Array
  readonly noises: Float64Array
}

/** What one finished curve teaches: the probability of each shape, its height and its noise. */
export function lessonOf({ likelihoods, heights, residuals }: Fits): Lessons {
  const weights = EQUAL_SHARES.map((share, k) => share * (likelihoods[k] ?? 0))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    count: 1,
    shares: weights.map((weight) => weight / all),
    heights,
    squares: heights.map((height) => height ** 2),
    noises: residuals,
  }
}

/** The sums of two, or with `sign` -1 the first without the second. */
export function addLessons(a: Lessons, b: Lessons, sign: 1 | -1 = 1): Lessons {
  const add = (of: (lessons: Lessons) => Float64Array) => of(a).map((value, k) => value + sign * (of(b)[k] ?? 0))
  return {
    count: a.count + sign * b.count,
    shares: add(({ shares }) => shares),
    heights: add(({ heights }) => heights),
    squares: add(({ squares }) => squares),
    noises: add(({ noises }) => noises),
  }
}

/**
 * What finished curves teach about others of the study (empirical Bayes): the shapes that they had, counted with one curve
 * of equal shares; how high those were; how noisy reports were.
 * @param lessons of at least one curve
 * @param leastNoise mean square, above 0
 */
export function beliefFrom({ count, shares, heights, squares, noises }: Lessons, leastNoise: number): Belief {
  return {
    shares: shares.map((share, k) => (share + (EQUAL_SHARES[k] ?? 0)) / (count + 1)),
    heights: heights.map((sum) => sum / count),
    variances: heights.map((sum, k) => {
      const about = Math.max(0, (squares[k] ?? 0) - sum ** 2 / count)
      return about / Math.max(1, count - 1) + ((LEAST_SPREAD * sum) / count) ** 2
    }),
    noises: noises.map((sum) => Math.max(sum / count, leastNoise)),
  }
}
