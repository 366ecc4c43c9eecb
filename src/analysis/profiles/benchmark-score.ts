import { type ProfileStep, profileAt } from './performance-profile.ts'

/** Up to which ratio AlgoPerf integrates a profile. */
export const MAX_RATIO = 4

/**
 * B = 1 / (rMax - 1) times the integral of rho from 1 to rMax: 1 for a submission that is the fastest everywhere, 0 for one
 * that nowhere comes within rMax of the fastest (AlgoPerf, arXiv 2306.07179, section 4.3). Exact, since rho is made of steps.
 * @param maxRatio rMax, above 1. Default: 4, as in the benchmark
 */
export function benchmarkScore(profile: readonly ProfileStep[], maxRatio = MAX_RATIO): number {
  let [area, before] = [0, 0]
  for (const { ratio, share } of profile) {
    area += (share - before) * Math.max(0, maxRatio - ratio)
    before = share
  }
  return area / (maxRatio - 1)
}

/**
 * The same by the trapezoidal rule on evenly spaced ratios, as the benchmark's own program computes the scores that it
 * publishes: these differ from the exact ones in the third digit.
 * @param points at least 2. Default: 100, as there
 */
export function publishedScore(profile: readonly ProfileStep[], maxRatio = MAX_RATIO, points = 100): number {
  const shares = Array.from({ length: points }, (_, i) => profileAt(profile, 1 + ((maxRatio - 1) * i) / (points - 1)))
  const ends = ((shares[0] ?? 0) + (shares.at(-1) ?? 0)) / 2
  return (shares.reduce((sum, share) => sum + share, 0) - ends) / (points - 1)
}
