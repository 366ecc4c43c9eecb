import type { Estimate } from './finding.ts'

/** The estimate of an increasing function of what was estimated. */
export function mapEstimate({ value, low, high }: Estimate, increasing: (value: number) => number): Estimate {
  return { value: increasing(value), low: increasing(low), high: increasing(high) }
}
