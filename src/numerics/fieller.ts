/** Two means with the covariance of their estimates, and the degrees of freedom that it was estimated with. */
export interface MeanPair {
  readonly means: readonly [number, number]
  /** Variance of the first, covariance, variance of the second. */
  readonly covariance: readonly [number, number, number]
}

/**
 * The interval for the ratio of two means, of which neither is negative, by Fieller's theorem (J. R. Stat. Soc. B 16, 1954,
 * 175-185): all ρ ≥ 0 at which first - ρ second is no further from 0 than `t` standard errors. Unlike an interval around the
 * ratio it is exact where the means are normal. It has no upper end where the second mean may be 0.
 * @param t quantile of Student's t for the level of the interval
 */
export function fiellerInterval({ means: [x, y], covariance: [xx, xy, yy] }: MeanPair, t: number): [number, number] {
  // The ρ with a ρ² - 2 b ρ + c ≤ 0.
  const [a, b, c] = [y * y - t * t * yy, x * y - t * t * xy, x * x - t * t * xx]
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  if (a > 0) return [Math.max(0, (b - root) / a), Math.max(0, (b + root) / a)]
  // Outside of the roots, of which one is below 0 where 0 itself is excluded.
  return [c > 0 ? Math.max(0, (b - root) / a) : 0, Number.POSITIVE_INFINITY]
}
