import { logGamma } from './log-gamma.ts'
import { findRoot } from './root.ts'

/**
 * The probability that a chi-square number is at most `x`: the regularised incomplete gamma function P(degrees / 2, x / 2), by
 * its series below the mean and by the continued fraction above (Digital Library of Mathematical Functions, 8.11.4 and 8.9.2).
 */
export function chiSquareCdf(x: number, degrees: number): number {
  if (x <= 0) return 0
  const [a, z] = [degrees / 2, x / 2]
  const front = Math.exp(a * Math.log(z) - z - logGamma(a))
  return z < a + 1 ? front * series(a, z) : 1 - front * fraction(a, z)
}

/** The number that a chi-square one is at most with probability `p` in (0, 1). */
export function chiSquareQuantile(p: number, degrees: number): number {
  let high = degrees
  while (chiSquareCdf(high, degrees) < p) high *= 2
  return findRoot((x) => chiSquareCdf(x, degrees) - p, 0, high, 1e-14 * high)
}

function series(a: number, z: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= z / (a + n)
    sum += term
  }
  return sum
}

/** Lentz's method. */
function fraction(a: number, z: number): number {
  let b = z + 1 - a
  let c = 1e300
  let d = 1 / b
  let value = d
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return value
}
