import type { Estimate } from '../../analysis/finding.ts'
import { formatNumber } from '../format.ts'

/** A share in percent: `38 %`, `0.4 %`. */
export function percent(share: number): string {
  const hundredths = 100 * share
  return `${hundredths >= 9.95 || hundredths === 0 ? Math.round(hundredths) : Number(hundredths.toPrecision(1))} %`
}

/** A share with its interval: `38 % (29 to 47 %)`. */
export function percentWithin({ value, low, high }: Estimate): string {
  return `${percent(value)} (${percent(low).replace(' %', '')} to ${percent(high)})`
}

/** A number with three digits, for estimates, which have no more. */
export function rough(value: number): string {
  return formatNumber(Number(value.toPrecision(3)))
}
