import { logGamma } from './log-gamma.ts'

/** Terms of the fraction; it needs some √max(a, b). */
const MOST_TERMS = 10_000

/**
 * The regularized incomplete beta function I_x(a, b), for a, b > 0 and x in [0, 1]: the continued fraction of Abramowitz and
 * Stegun, 26.5.8, from whichever end it converges quickly.
 */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x)
  const factor = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return factor / (a * fraction(a, b, x))
}

/** 1 + d₁ / (1 + d₂ / (1 + …)) by the modified Lentz algorithm. */
function fraction(a: number, b: number, x: number): number {
  let value = 1
  let above = 1
  let below = 0
  for (let n = 1; n < MOST_TERMS; n++) {
    const m = Math.floor(n / 2)
    const numerator =
      n % 2 === 0 ? (m * (b - m) * x) / ((a + n - 1) * (a + n)) : (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n))
    below = 1 / (1 + numerator * below || Number.MIN_VALUE)
    above = 1 + numerator / above || Number.MIN_VALUE
    value *= above * below
    if (Math.abs(above * below - 1) < Number.EPSILON) break
  }
  return value
}
